"""The standard library's message, with its content as it came: asked by its own ways it decodes by what is claimed."""

from email import (
    generator,  # noqa: F401  # the limited process can load nothing later
    policy,
)
from email.message import Message
from email.parser import BytesParser
from typing import cast


class Part(Message):
    """A mail, or a part of one."""

    @property
    def content(self) -> "str | list[Part]":
        """The text with bytes beyond ASCII as surrogates, or the parts within."""
        return self._payload or ""  # type: ignore[attr-defined]  # typeshed does not know it


def parsed(data: bytes) -> Part:
    """The parts of a mail. RecursionError when they are too many within each other."""
    return cast(Part, BytesParser(Part, policy=policy.compat32).parsebytes(data))
