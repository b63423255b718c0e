"""What of a page depends on the organisation alone: worked out once for each organisation, not for each visit.

    {% lasting organisation %}…{% endlasting %}
    {% lasting organisation with diary=register_shown %}…{% endlasting %}

Within, a template sees the object and the named values, and nothing else that the page knows: so nothing of one visit
can be shown to another. The text is kept on the object itself and lasts as long: who changes the organisation lets go
of the object (organisations/queries.py).
"""

from typing import Any

from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.translation import get_language

MEMORY = "_lasting"
MOST = 500
"""Texts of one object: a value that is never twice the same must not fill the memory."""


class Lasting(Node):
    """`name` is that of the object, as the page and the part within both call it."""

    def __init__(self, name: str, owner: FilterExpression, values: dict[str, FilterExpression], nodelist: NodeList):
        self._name = name
        self._owner = owner
        self._values = values
        self.nodelist = nodelist

    def render(self, context: Any) -> str:
        owner = self._owner.resolve(context, ignore_failures=True)
        values = {name: value.resolve(context) for name, value in self._values.items()}
        memory: dict[Any, str] = getattr(owner, "__dict__", {}).setdefault(MEMORY, {})
        if len(memory) >= MOST:
            memory = {}
        key = (self, get_language(), *values.values())
        text = memory.get(key)
        if text is None:
            text = memory[key] = self._shown(context, {self._name: owner, **values})
        return text

    render_annotated = render

    def _shown(self, context: Any, values: dict[str, Any]) -> str:
        alone = Context(values, autoescape=context.autoescape)
        alone.template, alone.render_context = context.template, context.render_context
        return self.nodelist.render(alone)


def lasting(parser: Parser, token: Token) -> Lasting:
    """The tag; registered with the others (www/templatetags/look.py)."""
    words = token.split_contents()[1:]
    if not words or not words[0].isidentifier():
        raise TemplateSyntaxError("lasting: say of what, by its plain name")
    name, rest = words[0], words[1:]
    if rest and rest.pop(0) != "with":
        raise TemplateSyntaxError("lasting: what follows the name begins with «with»")
    values = token_kwargs(rest, parser)
    if rest:
        raise TemplateSyntaxError("lasting: each value has a name, as in «shown=register_shown»")
    nodelist = parser.parse(("endlasting",))
    parser.delete_first_token()
    return Lasting(name, parser.compile_filter(name), values, nodelist)
