"""Looking up what a template names: the usual cases first, everything else as Django does it."""

from collections.abc import Callable
from html import escape
from typing import Any

from django.conf import settings
from django.template.base import (
    FilterExpression,
    Parser,
    Variable,
    VariableDoesNotExist,
    VariableNode,
    render_value_in_context,
)
from django.utils.safestring import SafeString

_NOT_THERE = (TypeError, AttributeError, KeyError, ValueError, IndexError)


class QuickVariable(Variable):
    """`case.title`: a key of a dict, or a name of an object. All else is Django's: calls, indexes, faults."""

    def __init__(self, var: Any) -> None:
        super().__init__(var)
        self._first, *self._rest = self.lookups or ("",)
        self._djangos: Callable[[Any], Any] = super()._resolve_lookup  # type: ignore[misc]  # the stubs leave it out

    def _resolve_lookup(self, context: Any) -> Any:
        first = self._first
        for names in reversed(context.dicts):
            if first in names:
                found = names[first]
                break
        else:
            if hasattr(context, first):  # its own attributes can be named too
                return self._djangos(context)
            raise VariableDoesNotExist("Failed lookup for key [%s]", (first,))
        for word in self._rest:
            if callable(found):
                return self._djangos(context)
            try:
                found = found[word] if hasattr(type(found), "__getitem__") else getattr(found, word)
            except _NOT_THERE:
                try:
                    found = getattr(found, word)
                except AttributeError:
                    if _is_missing(found, word):
                        raise VariableDoesNotExist("Failed lookup for key [%s]", (word,)) from None
                    return self._djangos(context)
                except Exception:  # Django knows what else to try, and about what a template is silent
                    return self._djangos(context)
            except Exception:
                return self._djangos(context)
        return self._djangos(context) if callable(found) else found


def _is_missing(found: Any, word: str) -> bool:
    """Whether the object simply has no such name. Django tells by a list of all its names, which takes long.

    Otherwise a property of that name has failed, or Django counts to an index, or the object answers in its own way.
    """
    kind: Any = type(found)
    return not hasattr(kind, word) and not word.isdigit() and kind.__dir__ is object.__dir__


class QuickExpression(FilterExpression):
    """A variable with or without filters."""

    def __init__(self, token: str, parser: Parser) -> None:
        super().__init__(token, parser)
        self.plain = False
        if isinstance(self.var, Variable) and self.var.lookups is not None and not self.var.translate:
            self.var = QuickVariable(self.var.var)
            self.plain = not self.filters

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        if self.plain:
            try:
                return self.var._resolve_lookup(context)  # of our own class
            except VariableDoesNotExist:
                if ignore_failures:
                    return None
                if not context.template.engine.string_if_invalid:
                    return ""
        return super().resolve(context, ignore_failures)


class QuickParser(Parser):
    """Reads a template into nodes with such expressions."""

    def compile_filter(self, token: str) -> FilterExpression:
        return QuickExpression(token, self)


def shown(value: Any, context: Any) -> str:
    """A value as it stands in the page: most are text, which needs only be escaped, or whole numbers."""
    kind = type(value)
    if kind is str:
        return escape(value) if context.autoescape else value
    if kind is int and not settings.USE_THOUSAND_SEPARATOR:
        return str(value)
    return value if kind is SafeString else render_value_in_context(value, context)


class QuickVariableNode(VariableNode):
    """`{{ case.title }}`."""

    def render(self, context: Any) -> str:
        try:
            return shown(self.filter_expression.resolve(context), context)
        except UnicodeDecodeError:  # as Django does
            return ""

    render_annotated = render
