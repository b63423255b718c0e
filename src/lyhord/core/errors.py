"""The errors that Lyhörd raises on purpose.

Each carries a sentence for the person who caused it, in their language, and a code for machines.
The text of any other exception is never shown to anybody.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Text = str | Promise


class LyhordError(Exception):
    """Something a person can understand and do something about.

    `message` is a whole sentence for the person; `code` is stable and ASCII.
    """

    def __init__(self, message: Text, code: str = "error") -> None:
        super().__init__(str(code))
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(LyhordError):
    """The person is known but may not do this."""

    def __init__(self, message: Text = _("Du har inte behörighet till det här."), code: str = "not_allowed") -> None:
        super().__init__(message, code)


class NotFound(LyhordError):
    """It does not exist, or not for this person: the two are never told apart."""

    def __init__(self, message: Text = _("Vi hittar inte det du letar efter."), code: str = "not_found") -> None:
        super().__init__(message, code)


class Invalid(LyhordError):
    """What was sent cannot be used: one sentence per field; "" is the whole form."""

    def __init__(self, errors: Mapping[str, Text] | Text, code: str = "invalid") -> None:
        self.errors: dict[str, Text] = dict(errors) if isinstance(errors, Mapping) else {"": errors}
        super().__init__(next(iter(self.errors.values()), ""), code)


class Conflict(LyhordError):
    """Somebody else changed it in between; `message` says what."""

    def __init__(self, message: Text, code: str = "conflict") -> None:
        super().__init__(message, code)
