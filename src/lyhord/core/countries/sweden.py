"""Sweden: lagen (1989:253) om allmänna helgdagar, and the eves that nobody works on in practice."""

import re
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from lyhord.core.country import Country, first
from lyhord.core.errors import Invalid
from lyhord.core.luhn import luhn

_WRITTEN = re.compile(r"(?:SE|16|18|19|20)?(\d{6})-?(\d{4})(?:01)?", re.ASCII | re.IGNORECASE)


class Sweden(Country):
    """Where Lyhörd comes from."""

    slug, label = "se", _("Sverige")
    time_zone = "Europe/Stockholm"
    languages = ("sv", "en", "fi")
    latitudes, longitudes = (55.0, 69.5), (10.0, 24.5)
    sweref = True
    mobile_example = "070-123 45 67"
    mobile_problem = _("Skriv ditt mobilnummer, till exempel 070-123 45 67.")
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
