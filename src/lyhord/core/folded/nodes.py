"""What stands in a folded template beside text and variables."""

from collections.abc import Callable
from typing import Any

from django.template.base import FilterExpression, Node, NodeList
from django.template.defaulttags import CycleNode, IfChangedNode
from django.template.engine import Engine
from django.template.loader_tags import ExtendsNode, IncludeNode, construct_relative_path
from django.templatetags.i18n import BlockTranslateNode
from django.utils.translation import gettext

from lyhord.core.folded.expressions import shown


class Named(Node):
    """A constant that later nodes ask for by its name: `{% translate "Sök" as label %}`."""

    child_nodelists = ()

    def __init__(self, name: str, value: Any) -> None:
        self._name = name
        self._value = value

    def render(self, context: Any) -> str:
        context[self._name] = self._value
        return ""

    render_annotated = render


class Scope(Node):
    """Nodes whose names are forgotten after them: what was a block."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Any) -> str:
        with context.push():
            return self.nodelist.render(context)

    render_annotated = render


class Said(Node):
    """`{% blocktranslate %}` without a plural, translated already; the names in it are looked up."""

    child_nodelists = ()

    def __init__(self, node: BlockTranslateNode) -> None:
        text, self.names = node.render_token_list(node.singular)
        self.words = gettext(text)
        self._given: dict[str, FilterExpression] = node.extra_context

    def render(self, context: Any) -> str:
        with context.push(**{name: value.resolve(context) for name, value in self._given.items()}):
            return self.words % {name: shown(context.get(name, ""), context) for name in self.names}

    render_annotated = render


class Included(Node):
    """`{% include "parts/x.html" %}`: the template is looked for once, when first needed: it may be this one."""

    child_nodelists = ()

    def __init__(self, node: IncludeNode, engine: Engine) -> None:
        self._name = construct_relative_path(str(node.origin.template_name), str(node.template.var))
        self._values: dict[str, FilterExpression] = node.extra_context
        self._only: bool = node.isolated_context
        self._engine = engine
        self._found: Callable[[Any], str] | None = None

    def render(self, context: Any) -> str:
        show = self._found or self._find()
        values = {name: value.resolve(context) for name, value in self._values.items()}
        if not self._only:
            with context.push(**values):
                return show(context)
        outer = context.dicts
        context.dicts = [outer[0], values]  # what is built in, and what is given
        try:
            return show(context)
        finally:
            context.dicts = outer

    render_annotated = render

    def _find(self) -> Callable[[Any], str]:
        """What shows the template; one that remembers something while it is shown needs a memory of its own."""
        template: Any = self._engine.get_template(self._name)
        alone = any(template.nodelist.get_nodes_by_type(kind) for kind in (ExtendsNode, CycleNode, IfChangedNode))
        found: Callable[[Any], str] = template.render if alone else template.nodelist.render
        self._found = found
        return found


class Extended(ExtendsNode):
    """`{% extends %}` with the whole page in place: the outer template with the blocks of this one."""

    def __init__(self, node: ExtendsNode, page: NodeList) -> None:
        self.__dict__.update(node.__dict__)
        self.page = page

    def render(self, context: Any) -> str:
        return self.page.render(context)

    render_annotated = render
