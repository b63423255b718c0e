"""Telephone numbers as people write them, in the one form by which they can be compared and rung (E.164)."""

import re

import phonenumbers

from lyhord.core.country import country
from lyhord.core.errors import Invalid
from lyhord.core.here import here
from lyhord.core.text import clean_text

_WRITTEN = re.compile(r"\+?[\d\s().,/\N{HYPHEN-MINUS}\N{HYPHEN}-\N{HORIZONTAL BAR}]+")  # no letters for digits


def phone_number(written: str, *, field: str = "phone") -> str:
    """ "070-123 45 67" as "+46701234567"; Invalid, with a sentence for `field`, when it can be no number.

    Where no country is said it is one of the organisation's country.
    """
    number = clean_text(written, one_line=True)[:60]
    try:
        found = phonenumbers.parse(number, here().country)
        if _WRITTEN.fullmatch(number) and phonenumbers.is_possible_number(found):
            return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))
    except phonenumbers.NumberParseException:
        pass
    raise Invalid({field: country().mobile_problem})


def rung(number: str) -> str:
    """What a telephone is to ring: E.164 where it is a whole number, else its digits as they stand ("112")."""
    digits = "".join(char for char in number if char.isdigit() or char == "+")
    try:
        found = phonenumbers.parse(digits, here().country)
        if phonenumbers.is_possible_number(found):
            return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))
    except phonenumbers.NumberParseException:
        pass
    return digits


def takes_sms(number: str) -> bool:
    """Whether an E.164 number may be one that reads SMS: not one that is certain to be a fixed line."""
    try:
        found = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return False
    kind = phonenumbers.number_type(found)
    return kind in {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
