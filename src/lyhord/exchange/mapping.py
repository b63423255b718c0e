"""What an organisation says about a case system in its own words, checked before it is kept."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lyhord.cases.models import CaseType
from lyhord.cases.states import State
from lyhord.core.errors import Invalid, Text
from lyhord.core.mail_address import mail_address
from lyhord.core.text import clean_text

EVERY_TYPE = "*"
PARTS = ("types", "handover", "states_out", "states_in", "people")
MOST_LINES, LONGEST = 500, 200


def wrong_mapping(mapping: Mapping[str, Any]) -> dict[str, Text]:
    """A sentence for each part that cannot be used."""
    errors: dict[str, Text] = {}
    codes = {EVERY_TYPE, *CaseType.objects.values_list("code", flat=True)}
    for part in PARTS:
        held = mapping.get(part) or {}
        for left, right in held.items():
            if sentence := _wrong_line(part, left, right, codes):
                errors[part] = sentence
        if len(held) > MOST_LINES:
            errors[part] = _("Det är för många rader. Högst 500 går.")
    return errors


def _wrong_line(part: str, left: str, right: str, codes: set[str]) -> str:
    if len(left) > LONGEST or len(right) > LONGEST:
        return _("Raden är för lång: %(line)s") % {"line": left[:40]}
    if part in {"types", "handover"} and left not in codes:
        return _("Det finns ingen ärendetyp med koden %(code)s.") % {"code": left}
    state = left if part == "states_out" else right if part == "states_in" else ""
    if state and state not in State:
        return _("Vi har inget läge som heter %(state)s.") % {"state": state}
    if part == "people":
        try:
            mail_address(right)
        except Invalid:
            return _("%(text)s är ingen mejladress.") % {"text": right}
    return ""


def lines_of(held: Mapping[str, str]) -> str:
    """A part as people write it: a line for each, with "=" between."""
    return "\n".join(f"{left} = {right}" for left, right in held.items())


def part_of(text: str) -> dict[str, str]:
    """What somebody wrote, read. ValueError with the line that has no "="."""
    found = {}
    for line in filter(None, map(str.strip, clean_text(text).splitlines())):
        left, equals, right = line.partition("=")
        if not equals or not left.strip():
            raise ValueError(line[:60])
        found[left.strip()] = right.strip()
    return found
