"""Telephone numbers as people write them, in the one form by which they can be compared and rung (E.164)."""

import re

from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text

HERE = "46"  # Sweden: what a number without a country code belongs to
_BETWEEN = re.compile(r"[\s\-./–]|\(0\)|[()]")  # the dash that phones put in
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


def phone_number(written: str, *, field: str = "phone") -> str:
    """ "070-123 45 67" as "+46701234567"; Invalid, with a sentence for `field`, when it can be no number."""
    digits = _BETWEEN.sub("", clean_text(written, one_line=True)[:60])
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = f"+{HERE}{digits[1:]}"
    if not digits.isascii() or not _NUMBER.fullmatch(digits):
        raise Invalid({field: _("Skriv ditt mobilnummer, till exempel 070-123 45 67.")})
    return digits
