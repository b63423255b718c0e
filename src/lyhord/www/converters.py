"""What stands in addresses besides words and whole numbers."""

from functools import cache

from django.urls import register_converter
from django.urls.converters import StringConverter


class CodeConverter(StringConverter):
    """A follow code, with or without its hyphens."""

    regex = "[0-9A-Za-z-]{26,40}"


class NumberConverter(StringConverter):
    """A case number: 26-4817."""

    regex = "[0-9]{2}-[0-9]{1,9}"


@cache
def register() -> None:
    """Make them known as <code:…> and <number:…>; whoever has such addresses asks for it, and it is done once."""
    register_converter(CodeConverter, "code")
    register_converter(NumberConverter, "number")
