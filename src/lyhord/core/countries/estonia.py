"""Estonia: pühade ja tähtpäevade seadus, § 2."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from lyhord.core.country import Country, is_day
from lyhord.core.hints import hints

_PERSONAL = re.compile(r"(?<!\d)([1-8])(\d\d)(\d\d)(\d\d)\d{4}(?!\d)", re.ASCII)
_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3))


class Estonia(Country):
    """Two hours before Greenwich, and summer time."""

    slug, label = "ee", _("Estland")
    time_zone = "Europe/Tallinn"
    latitudes, longitudes = (57.4, 59.9), (21.5, 28.3)
    mobile_example = "5123 4567"
    mobile_problem = _("Skriv ditt mobilnummer, till exempel 5123 4567.")
    written_phone = re.compile(r"(?<![\d-])(?:5\d{2,3}|[3-7]\d{2}) \d{4}(?![\d-])", re.ASCII)
    hints = hints(
        plate=r"\d{3}(?P<gap>[ -]?)(?P<letters>[A-Z]{3})",
        no_plates="eur eek tln mnt abi kwh ja või kui tk",
        phone=r"(?:tel|telefon|mob|mobiil|helista(?:ge|da)?(?: mulle)?|sms)(?: on| numbril)?",
        door_code=r"(?:ukse|välisukse|maja|valve|signalisatsiooni)kood(?: on)?",
        before_homes=r"elan|elasin|elame|kodus|kodu|(?:minu|mu|meie) (?:aadress|kodu|maja)(?: on)?"
        r"|aadress(?: on)?|naaber",
        there=r"on|aadressil|tänaval",
        flats=r"krt|korter|korrus",
        called=r"(?:minu|mu) nimi on",
        before_names=r"lugupidamisega|parimate soovidega"
        r"|tervit(?:ades|ustega|used)|allakirjutanu,?"
        r"|(?:tema|lapse) nimi on"
        r"|(?:minu|mu|meie) (?:mees|naine|abikaasa|elukaaslane|poeg|tütar|laps|ema|isa|vend|õde|naaber|ülemus|sõber)",
        no_names="ja aga mina ma me meie kes on ei elan soovin et see tänan aitäh",
    )
    organisation_number_example = "75014920"
    fixed = ((1, 1), (2, 24), (5, 1), (6, 23), (6, 24), (8, 20), (12, 24), (12, 25), (12, 26))
    from_easter = (-2, 0, 49)  # suur reede, ülestõusmispühade 1. püha, nelipühade 1. püha

    def personal_numbers(self, text: str) -> Iterator[tuple[int, int]]:
        """An isikukood: sex and century, the day of birth, a serial number and a check digit."""
        for match in _PERSONAL.finditer(text):
            century, year, month, day = (int(match[place]) for place in (1, 2, 3, 4))
            if is_day(1800 + (century - 1) // 2 * 100 + year, month, day) and _right(match[0]):
                yield match.span()


def _right(digits: str) -> bool:
    """Whether the eleventh digit is what the ten before it say, modulo 11 by two rows of weights."""
    for weights in _WEIGHTS:
        rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
        if rest < 10:
            return rest == int(digits[10])
    return digits[10] == "0"
