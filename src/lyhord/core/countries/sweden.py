"""Sweden: lagen (1989:253) om allmänna helgdagar, and the eves that nobody works on in practice."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from lyhord.core.country import Country, first, is_day
from lyhord.core.errors import Invalid
from lyhord.core.hints import hints
from lyhord.core.luhn import luhn

_WRITTEN = re.compile(r"(?:SE|16|18|19|20)?(\d{6})-?(\d{4})(?:01)?", re.ASCII | re.IGNORECASE)
# 850709-9805, 19850709 9805, 85 07 09-98 05; day + 60 is a coordination number.
_PERSONAL = re.compile(
    r"(?<!\d)(?=((?:(18|19|20)[ -]?)?(\d\d)[ ./-]?(\d\d)[ ./-]?(\d\d) ?[-+–−]? ?(\d\d) ?(\d\d))(?!\d))"
)
# Reserve and interim numbers have letters where the serial is: 850709-T805, 19850709-TF12.
_RESERVE = re.compile(
    r"(?<!\d)((?:18|19|20)?\d\d(\d\d)(\d\d) ?[-+–]? ?(?:[TRSUWXJKLMN]\d{3}|[A-Z]{2}\d{2}))(?!\w)", re.IGNORECASE
)


class Sweden(Country):
    """Where Lyhörd comes from."""

    slug, label = "se", _("Sverige")
    time_zone = "Europe/Stockholm"
    languages = ("sv", "en", "fi")
    latitudes, longitudes = (55.0, 69.5), (10.0, 24.5)
    sweref = True
    mobile_example = "070-123 45 67"
    mobile_problem = _("Skriv ditt mobilnummer, till exempel 070-123 45 67.")
    hints = hints(  # in Swedish and in Finnish, which residents write too
        # Never I, Q, V, Å, Ä or Ö; the last sign is a digit or a letter but O.
        plate=r"(?P<letters>[A-HJ-PR-UW-Z]{3})(?P<gap>[ -]?)\d\d[0-9A-HJ-NPR-UW-Z]",
        no_plates="hus rum nr den dem att och med sen sal lag bus km kl art mom sfs leo led",
        phone=r"(?:tel|telefon(?:nummer)?|mobil(?:nummer)?|ring(?: mig)?(?: på)?|nås på|sms:?a?|puh|puhelin(?:numero)?)"
        r"(?:[ .:]{1,3}(?:är|nr|nummer))?",
        door_code=r"(?:port|dörr|larm)kod(?:en)?(?: är| till \w+ är)?|(?:ovi|hälytys)koodi(?: on)?",
        before_homes=r"bor|bodde|boende|hemma|hem till|min adress(?: är)?|vår adress(?: är)?|mitt hem|mitt hus"
        r"|min granne|grannen|hos mig|hos oss|hemadress|asun|asumme|osoitteeni(?: on)?|kotiosoite",
        there=r"på|i|vid|hos|är|osoitteessa|on",
        flats=r"lgh|lägenhet|våning|vån|asunto|as",
        called=r"jag heter|mitt namn är|nimeni on",
        before_names=r"heter jag|undertecknad,?|mvh|vh|//|vänliga? hälsning(?:ar)?|hälsning(?:ar|en)?(?: från)?"
        r"|(?:han|hon|hen|som|barnet) heter"
        r"|(?:min|mitt|vår|vårt) (?:man|fru|sambo|son|dotter|barn|mamma|mor|pappa|far|bror|syster|granne|chef"
        r"|mormor|morfar|farmor|farfar|kompis|vän)(?: som heter)?"
        r"|(?:ystävällisin )?terveisin|allekirjoittanut,?",
        no_names="och men jag vi som vill har är inte bor undrar så att det den de kan hej tack inget samma ps obs alla"
        " ja mutta minä asun haluan olen",
    )
    organisation_number_example = "212000-0142"
    fixed = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))
    from_easter = (-2, 0, 1, 39, 49)  # Good Friday, Easter, Easter Monday, Ascension Day, Whit Sunday

    def moving(self, year: int) -> set[date]:
        midsummer_eve = first(4, date(year, 6, 19))  # the Friday from 19 to 25 June
        all_saints = first(5, date(year, 10, 31))  # the Saturday from 31 October to 6 November
        return {midsummer_eve, midsummer_eve + timedelta(days=1), all_saints}

    def organisation_number(self, written: str) -> str:
        """Ten digits, the last a check digit by Luhn; the third is at least 2, which tells them from people's numbers.

        (lagen 1974:174 om identitetsbeteckning för juridiska personer m.fl.) A sole trader's is the person's own
        number and is not taken in: we ask nobody for that.
        """
        found = _WRITTEN.fullmatch(written)
        if found is None:
            raise Invalid(_("Skriv organisationsnumret så här: 212000-0001."))
        begins, ends = found.groups()
        if int(begins[2]) < 2:
            raise Invalid(
                _(
                    "Det här ser ut som ett personnummer, och sådana vill vi inte ha här. "
                    "Lämna rutan tom om du har enskild firma."
                )
            )
        if not luhn(begins + ends):
            raise Invalid(_("Organisationsnumret stämmer inte. Se efter att alla siffror är rätt."))
        return f"{begins}-{ends}"

    def personal_numbers(self, text: str) -> Iterator[tuple[int, int]]:
        """Personal identity, coordination and reserve numbers, however they are spaced."""
        for match in _PERSONAL.finditer(text):
            digits = "".join(match.group(2, 3, 4, 5, 6, 7)) if match[2] else "".join(match.group(3, 4, 5, 6, 7))
            if is_personal_number(digits):
                yield match.span(1)
        for match in _RESERVE.finditer(text):
            if _is_day(int(match[2]), int(match[3])):
                yield match.span(1)


def is_personal_number(digits: str) -> bool:
    """Whether 10 or 12 digits are a personal identity or coordination number: a day that exists and a check digit."""
    if len(digits) not in {10, 12} or not digits.isdecimal():
        return False
    return _is_day(int(digits[-8:-6]), int(digits[-6:-4])) and luhn(digits[-10:])


def _is_day(month: int, day: int) -> bool:
    return is_day(2000, month, day - 60 if day > 60 else day)
