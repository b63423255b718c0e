"""Iceland: lög nr. 88/1971 um 40 stunda vinnuviku (6. gr.), whose two half days are free here: nobody is there."""

import re
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from lyhord.core.country import Country, first, is_day
from lyhord.core.errors import Invalid
from lyhord.core.hints import hints

_WRITTEN = re.compile(r"(?:IS)?(\d{6})-?(\d{4})", re.ASCII | re.IGNORECASE)
_PERSONAL = re.compile(r"(?<!\d)(\d\d)(\d\d)(\d\d)[ -]?\d{3}([890])(?!\d)", re.ASCII)
_CENTURIES = {"8": 1800, "9": 1900, "0": 2000}
_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2, 1)


class Iceland(Country):
    """One zone, no summer time."""

    slug, label = "is", _("Island")
    time_zone = "Atlantic/Reykjavik"
    latitudes, longitudes = (63.0, 67.5), (-25.0, -13.0)
    mobile_example = "611 1234"
    mobile_problem = _("Skriv ditt mobilnummer, till exempel 611 1234.")
    written_phone = re.compile(r"(?<![\d-])[4-8]\d{2}[ -]\d{4}(?![\d-])", re.ASCII)
    hints = hints(
        plate=r"(?P<letters>[A-Z]{2})(?P<gap>[ -]?)[A-Z0-9]\d\d",
        no_plates="nr kl kr km hæð",
        phone=r"(?:sími|síminn|gsm|hringið?(?: í)?|hringdu(?: í)?|sms)(?: er| minn er)?",
        door_code=r"(?:dyra|hurðar?|inngangs|öryggis)kóði(?:nn)?(?: er)?",
        before_homes=r"bý|bjó|búum|heima|heimilisfang(?:ið)?(?: mitt)?(?: er)?|nágranni(?: minn)?|hjá (?:mér|okkur)",
        there=r"á|í|við|að|er",
        flats=r"íbúð|íb|hæð",
        called=r"ég heiti|nafn mitt er|nafnið mitt er|mitt nafn er",
        before_names=r"(?:kær |bestu |með )?kveðj(?:a|u|ur)(?: frá)?|virðingarfyllst|undirrit(?:aður|uð),?"
        r"|(?:hann|hún|hán|sem|barnið) heitir"
        r"|(?:maður|kona|sonur|dóttir|barn|mamma|pabbi|bróðir|systir|nágranni|vinur|vinkona)(?:inn|in|ið)?"
        r" (?:minn|mín|mitt)",
        no_names="og en ég við sem er ekki bý vil hef að það þakka takk bara þú",
    )
    organisation_number_example = "530269-7609"
    fixed = ((1, 1), (5, 1), (6, 17), (12, 24), (12, 25), (12, 26), (12, 31))
    from_easter = (
        -3,
        -2,
        0,
        1,
        39,
        49,
        50,
    )  # skírdagur to annar í páskum, uppstigningardagur, hvítasunna and the day after

    def moving(self, year: int) -> set[date]:
        summer = first(3, date(year, 4, 19))  # sumardagurinn fyrsti: the Thursday from 19 to 25 April
        return {summer, first(0, date(year, 8, 1))}  # and frídagur verslunarmanna, the first Monday of August

    def organisation_number(self, written: str) -> str:
        """A kennitala: ten digits, the ninth a check digit modulo 11. Those of people begin with a day, 01 to 31."""
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise Invalid(_("Skriv organisationsnumret så här: 530269-7609."))
        begins, ends = found.groups()
        if int(begins[0]) < 4:
            raise Invalid(
                _(
                    "Det här ser ut som ett personnummer, och sådana vill vi inte ha här. "
                    "Lämna rutan tom om du har enskild firma."
                )
            )
        digits = (begins + ends)[:9]
        if sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11:
            raise Invalid(_("Organisationsnumret stämmer inte. Se efter att alla siffror är rätt."))
        return f"{begins}-{ends}"

    def personal_numbers(self, text: str) -> Iterator[tuple[int, int]]:
        """A kennitala of a person: a day that exists and a century. Not all of them have a check digit any longer."""
        for match in _PERSONAL.finditer(text):
            day, month, year = (int(match[place]) for place in (1, 2, 3))
            if is_day(_CENTURIES[match[4]] + year, month, day):
                yield match.span()
