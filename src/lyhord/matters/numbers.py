"""Case numbers as Swedish, Finnish, Norwegian and German bodies write them, made comparable.

The same number is written "BN-2016-00046", "BN 2016/46" and, broken in a table's cell, "BN-2016-<br>00046".
References to laws, bills, courts and meetings look alike and are none of ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BREAK = re.compile(r"(?:[ \t]*<br ?/?>[ \t]*)+")
_BROKEN = re.compile(r"([-/.:])[ \t]*(?:<br ?/?>|\n)[ \t]*(?=\d)")

_SERIES = r"(?P<series>[A-ZÅÄÖ]{2,6}(?:[ ][A-ZÅÄÖ]{2,6})?)"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SERIAL = r"(?P<serial>\d{1,6})"
_LABEL = r"(?:\b(?i:dnr|diarienummer|diarienr|ärendenummer|ärendenr|saksnr|sak)\b[.:]?\s*)"
_END = r"(?![\d])(?!-\d)"

# From the most to the least certain: what an earlier form has taken is not read again by a later one.
_FORMS = [
    # Finnish: series/serial/classification/year, where the classification is pairs of digits with dots between
    re.compile(rf"\b{_SERIES}/{_SERIAL}/\d\d(?:\.\d\d)+/{_YEAR}{_END}"),
    # BN-2016-00046, KU.2017.91, KS KF/2024:8, HEL 2025-001216
    re.compile(rf"\b{_SERIES}[-./ ]{_YEAR}[-.:/]{_SERIAL}{_END}"),
    # 2024.147 KS
    re.compile(rf"(?<![\d.-]){_YEAR}[.:/-]{_SERIAL} (?P<series>[A-ZÅÄÖ]{{2,6}})\b"),
    # KS 353/2008
    re.compile(rf"\b{_SERIES} {_SERIAL}/{_YEAR}{_END}"),
    # Dnr 00123/20212.6.: the classification 2.6. is glued on
    re.compile(rf"{_LABEL}{_SERIAL}[/-]{_YEAR}(?=\D|$|\d{{1,2}}\.\d)"),
    # Dnr 2024/147, Saksnr 2012/9176
    re.compile(rf"{_LABEL}{_YEAR}[-.:/]{_SERIAL}{_END}"),
    # 2024-00001: five digits or more can be no date
    re.compile(rf"(?<![\d/.:-]){_YEAR}-(?P<serial>\d{{5,6}}){_END}"),
]
# A cell of its own, or the whole of a field, says by its place that it is a number.
_ALONE = re.compile(rf"{_YEAR}/{_SERIAL}")

_NOT_SERIES = frozenset({"SFS", "SOU", "DS", "PROP", "NJA", "RÅ", "HFD", "MÖD", "EU", "EG", "ISO", "SS", "LAG", "KL"})
_LABELS = frozenset({"DNR", "NR", "DIARIE"})
_NOT_OURS = re.compile(
    r"(?i)(?:\bmål(?:\s*nr)?|\bmålnummer|\bsfs|\bprop|\bbet|\brskr|\bsou|\blag(?:en)?)[.:]?\s*[(]?[A-ZÅÄÖ]?\s*$"
)


@dataclass(frozen=True, order=True)
class CaseNumber:
    """A number in its comparable form. `series` is "" where the writer gave none."""

    series: str
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{self.series} {self.year}-{self.serial}".strip()


@dataclass(frozen=True)
class FoundNumber:
    """A number and the evidence for it: the text as it stood, and from where to where in `joined(text)`."""

    number: CaseNumber
    text: str
    start: int
    end: int


def joined(text: str) -> str:
    """The text with numbers that were broken over two lines of a cell whole again, and other breaks as blanks."""
    return _BREAK.sub(" ", _BROKEN.sub(r"\1", text))


def find_numbers(text: str) -> list[FoundNumber]:
    """Every case number in a text, in the order of the text."""
    whole = joined(text)
    found: list[FoundNumber] = []
    for candidate in _candidates(whole):
        if all(candidate.end <= other.start or candidate.start >= other.end for other in found):
            found.append(candidate)
    return sorted(found, key=lambda each: each.start)


def normalise(text: str) -> CaseNumber | None:
    """The number that a field or cell holds, or None. "2012/9176" is one here, though not in running text."""
    found = find_numbers(text)
    if found:
        return found[0].number
    alone = _ALONE.fullmatch(joined(text).strip())
    return CaseNumber("", int(alone["year"]), int(alone["serial"])) if alone else None


def _candidates(text: str) -> Iterator[FoundNumber]:
    for form in _FORMS:
        for match in form.finditer(text):
            series = " ".join(word for word in match.groupdict().get("series", "").split() if word not in _LABELS)
            if series.split(" ", 1)[0] in _NOT_SERIES or _NOT_OURS.search(text[: match.start()][-20:]):
                continue
            number = CaseNumber(series, int(match["year"]), int(match["serial"]))
            yield FoundNumber(number, match[0], match.start(), match.end())
