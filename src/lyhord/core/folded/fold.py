"""What of a template is the same for every visit, worked out when the template is compiled."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.template.base import Node, NodeList, TextNode, Variable, VariableNode
from django.template.context import Context
from django.template.defaulttags import AutoEscapeControlNode, CommentNode, IfNode, LoadNode, PartialDefNode, URLNode
from django.template.engine import Engine
from django.template.library import SimpleNode
from django.template.loader_tags import IncludeNode
from django.templatetags.i18n import BlockTranslateNode, GetCurrentLanguageNode, TranslateNode
from django.templatetags.static import StaticNode

from lyhord.core.folded.expressions import QuickVariableNode
from lyhord.core.folded.nodes import Included, Named, Said


def constant[F: Callable[..., Any]](tag: F) -> F:
    """Marks the function of a simple tag that depends on its arguments and the language, and on nothing else."""
    tag.constant = True  # type: ignore[attr-defined]  # asked for below
    return tag


def is_constant(expression: Any) -> bool:
    """Whether an expression in a template is a literal."""
    literal = not isinstance(expression.var, Variable) or expression.var.lookups is None
    return literal and not expression.filters


def fold(nodes: NodeList, engine: Engine, *, autoescape: bool = True) -> None:
    """Fold in place: who shares the list (a partial, a block) has it folded too."""
    nodes[:] = merged(made for node in nodes for made in _folded(node, engine, autoescape=autoescape))


def merged(nodes: Iterable[Node]) -> NodeList:
    """The same with neighbouring texts as one."""
    kept = NodeList()
    for node in nodes:
        if type(node) is TextNode and kept and type(kept[-1]) is TextNode:
            kept[-1] = TextNode(kept[-1].s + node.s)
        else:
            kept.append(node)
    return kept


def _folded(node: Any, engine: Engine, *, autoescape: bool) -> Iterator[Node]:
    """What takes the node's place."""
    inside = node.setting if isinstance(node, AutoEscapeControlNode) else autoescape
    for nodelist in _children(node):
        fold(nodelist, engine, autoescape=inside)
    if isinstance(node, LoadNode | CommentNode) or (isinstance(node, PartialDefNode) and not node.inline):
        return  # they show nothing
    if type(node) is VariableNode:
        yield QuickVariableNode(node.filter_expression)
    elif type(node) is IncludeNode and is_constant(node.template) and isinstance(node.template.var, str):
        yield Included(node, engine)
    elif type(node) is BlockTranslateNode:
        yield from _said(node)
    elif _same_each_time(node):
        yield from _worked_out(node, autoescape=autoescape)
    else:
        yield node


def _children(node: Any) -> list[NodeList]:
    if isinstance(node, IfNode):
        return [nodelist for _condition, nodelist in node.conditions_nodelists]
    found = (getattr(node, name, None) for name in node.child_nodelists)
    return [nodelist for nodelist in found if nodelist]


def _said(node: BlockTranslateNode) -> Iterator[Node]:
    if node.plural or node.message_context or node.asvar:
        yield node
        return
    said = Said(node)
    yield said if said.names else TextNode(said.words % {})


def _same_each_time(node: Any) -> bool:
    match node:
        case TranslateNode():
            return is_constant(node.filter_expression) and not node.message_context
        case StaticNode():
            return is_constant(node.path)
        case URLNode():
            return is_constant(node.view_name) and not node.args and not node.kwargs
        case SimpleNode():
            given = [*node.args, *node.kwargs.values()]
            return getattr(node.func, "constant", False) and not node.takes_context and all(map(is_constant, given))
    return isinstance(node, GetCurrentLanguageNode)


def _worked_out(node: Any, *, autoescape: bool) -> Iterator[Node]:
    """Its text, and the names that it leaves behind."""
    blank = Context(autoescape=autoescape)
    before = blank.flatten()
    try:
        text = node.render(blank)
    except Exception:  # whoever sees the page is told of it, as always
        yield node
        return
    for name, value in blank.flatten().items():
        if name not in before:
            yield Named(str(name), value)
    if text:
        yield TextNode(text)
