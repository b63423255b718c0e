"""Named in the settings: finds templates, folds them, and keeps them for each language."""

from typing import Any

from django.template import TemplateSyntaxError
from django.template.base import Lexer, NodeList, Template
from django.template.loaders import base, cached
from django.utils.translation import get_language

from lyhord.core.folded.expressions import QuickParser
from lyhord.core.folded.fold import fold
from lyhord.core.folded.pages import joined


class FoldedTemplate(Template):
    """A template in the language that is active when it is compiled."""

    def compile_nodelist(self) -> NodeList:
        tokens = Lexer(self.source).tokenize()
        parser = QuickParser(tokens, self.engine.template_libraries, self.engine.template_builtins, self.origin)
        try:
            nodes: NodeList = parser.parse()
        except TemplateSyntaxError:
            return super().compile_nodelist()  # raises it with the place in its words
        self.extra_data = parser.extra_data
        fold(nodes, self.engine, autoescape=self.engine.autoescape)
        joined(nodes, self.engine)
        return nodes


class _Folding(base.Loader):
    def get_template(self, template_name: str, skip: Any = None) -> Template:
        found = super().get_template(template_name, skip)
        if self.engine.debug:
            return found
        return FoldedTemplate(found.source, found.origin, found.name, self.engine)


class Loader(cached.Loader, _Folding):
    """Django's cached loader, whose templates are folded. Named in TEMPLATES."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        return f"{get_language()} {super().cache_key(template_name, skip)}"
