"""Swedish organisation numbers: who a company, an association or an authority is.

Ten digits, the last a check digit by Luhn; the third is at least 2, which tells them from the numbers of people
(lagen 1974:174 om identitetsbeteckning för juridiska personer m.fl.). A sole trader's is the person's own number and
is not taken in: we ask nobody for that.
"""

import re

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text

_WRITTEN = re.compile(r"(?:SE|16|18|19|20)?(\d{6})-?(\d{4})(?:01)?", re.ASCII | re.IGNORECASE)


def organisation_number(written: str, *, field: str = "organisation_number") -> str:
    """ "SE212000000101", "16212000-0001", "212000 0001" as "212000-0001"; Invalid with a sentence for `field` else."""
    digits = re.sub(r"[\s–.]", "", clean_text(written, one_line=True)[:60])  # dashes as phones write them
    found = _WRITTEN.fullmatch(digits)
    if found is None:
        raise Invalid({field: _("Skriv organisationsnumret så här: 212000-0001.")})
    first, last = found.groups()
    if int(first[2]) < 2:
        raise Invalid(
            {
                field: _(
                    "Det här ser ut som ett personnummer, och sådana vill vi inte ha här. "
                    "Lämna rutan tom om du har enskild firma."
                )
            }
        )
    if not luhn(first + last):
        raise Invalid({field: _("Organisationsnumret stämmer inte. Se efter att alla siffror är rätt.")})
    return f"{first}-{last}"


def luhn(digits: str) -> bool:
    """Whether the last digit is right (Luhn, as for card numbers)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
