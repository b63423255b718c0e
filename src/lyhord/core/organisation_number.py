"""Who a company, an association or an authority is, by the numbers of the country (countries/)."""

import re

from lyhord.core.country import country
from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text


def organisation_number(written: str, *, field: str = "organisation_number") -> str:
    """ "SE212000000101", "16212000-0001", "212000 0001" as "212000-0001"; Invalid with a sentence for `field` else."""
    number = re.sub(r"[\s–.]", "", clean_text(written, one_line=True)[:60])  # dashes as phones write them
    try:
        return country().organisation_number(number)
    except Invalid as wrong:
        raise Invalid({field: wrong.message}) from None
