"""Reading what clients send. They differ: names with brackets coded or not, dates with and without fractions."""

import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import unquote

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from lyhord.core.clock import zone
from lyhord.core.text import clean_text
from lyhord.www.open311.failures import Failure
from lyhord.www.public import uploads

_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{0,20})?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[[0-9]*\])?")
_OFFSET_LOST_ITS_PLUS = re.compile(r"(:[0-9]{2}(?:\.[0-9]+)?) ([0-9]{2}:?[0-9]{2})$")
_YEARS = (1900, 2200)  # so that a window before or after it can be reckoned
_TRUE = {"true", "1", "yes"}


class Parameters:
    """The parameters of a request: those of the body before those of the address. What is empty is absent."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        if request.method == "POST":
            self._handler = uploads.watch(request)  # before the body is read: it lets go of what is too large
            self._sources = [request.POST, request.GET]
        else:
            self._sources = [request.GET]

    @classmethod
    def of(cls, request: HttpRequest) -> "Parameters":
        """Those of a request, read once: its body can be read no second time."""
        found: Parameters | None = getattr(request, "open311_parameters", None)
        if found is None:
            found = cls(request)
            request.open311_parameters = found  # type: ignore[attr-defined]  # ours alone
        return found

    def all(self, name: str) -> list[str]:
        """Every value that is not empty, cleaned of control characters."""
        for source in self._sources:
            found = [text for value in source.getlist(name) if (text := clean_text(str(value)))]
            if found:
                return found
        return []

    def text(self, name: str) -> str:
        """The last value, "" when there is none."""
        return next(reversed(self.all(name)), "")

    def secret(self, name: str) -> str:
        """From the body alone: an address is logged in many places, and a key must not be."""
        return clean_text(str(self._sources[0].get(name, ""))) if len(self._sources) > 1 else ""

    def words(self, name: str) -> list[str]:
        """The values of a list with commas."""
        return [word for value in self.all(name) for part in value.split(",") if (word := part.strip())]

    def several(self, name: str, most: int) -> list[str]:
        """The same, but Failure for more than `most`, since leaving some out would look as if they were not there."""
        found = self.words(name)
        if len(found) > most:
            raise Failure(400, _("%(name)s: högst %(most)s på en gång.") % {"name": name, "most": most})
        return found

    def flag(self, name: str) -> bool:
        """Whether it says yes."""
        return self.text(name).lower() in _TRUE

    def number(self, name: str) -> float | None:
        """A finite number with a decimal point, None when absent; Failure for everything else (NaN, "59,33", "1e5")."""
        text = self.text(name)
        if not text:
            return None
        if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            raise Failure(400, _("%(name)s ska vara ett tal med decimalpunkt, till exempel 58.5371.") % {"name": name})
        return float(text)

    def whole(self, name: str, default: int) -> int:
        """A whole number from 1, `default` when absent; Failure for everything else."""
        text = self.text(name)
        if not text:
            return default
        if not _WHOLE.fullmatch(text) or int(text) < 1:
            raise Failure(400, _("%(name)s ska vara ett heltal som är minst 1.") % {"name": name})
        return int(text)

    def moment(self, name: str) -> datetime | None:
        """A moment in UTC, None when absent; Failure for what is none.

        A blank for the T, fractions, any offset, and a plus sign that became a blank on the way are all read. Without
        an offset, which the standard demands, the clock is a Swedish one.
        """
        text = self.text(name)
        if not text:
            return None
        text = _OFFSET_LOST_ITS_PLUS.sub(r"\1+\2", text)
        try:
            found = datetime.fromisoformat(text)
            if not _YEARS[0] <= found.year <= _YEARS[1]:
                raise ValueError(found.year)
            return (found if found.tzinfo else found.replace(tzinfo=zone())).astimezone(UTC)
        except (ValueError, OverflowError):
            raise Failure(
                400, _("%(name)s ska vara en tid, till exempel 2026-11-24T13:00:00Z.") % {"name": name}
            ) from None

    def attributes(self) -> dict[str, list[str]]:
        """The answers to a service's questions by their codes: attribute[x], attribute[x][], once or several times."""
        found: dict[str, list[str]] = {}
        for name, values in self._lists():
            match = _ATTRIBUTE.fullmatch(unquote(name) if "%" in name else name)
            if match:
                found.setdefault(match[1], []).extend(values)
        return found

    def files(self) -> "list[UploadedFile[bytes]]":
        """The files in their order, whatever they are called: media, media[], photo1, file_x … clients differ."""
        found = self._request.FILES
        return [file for name in found for file in found.getlist(name)]

    @property
    def let_go(self) -> int:
        """How many files were too large to keep while they arrived."""
        return self._handler.let_go

    def _lists(self) -> Iterator[tuple[str, list[str]]]:
        for name, values in self._sources[0].lists():
            yield str(name), [str(value) for value in values]


class Problems:
    """Collects what is wrong with several parameters, so that the client learns of all at once."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def read[T](self, reader: Callable[[], T], default: T) -> T:
        """What the reader gives, or the default when it cannot; then its sentences are noted."""
        try:
            return reader()
        except Failure as failure:
            self.sentences += failure.sentences
            return default

    def add(self, sentence: str) -> None:
        """Note one more."""
        self.sentences.append(sentence)

    def stop(self) -> None:
        """Failure 400 with everything that was noted, if anything was."""
        if self.sentences:
            raise Failure(400, *self.sentences)
