"""E-mail addresses as people write them."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from lyhord.core.errors import Invalid
from lyhord.core.text import clean_text

LONGEST = 254  # characters that SMTP carries (RFC 5321); Django's own check lets 320 pass


def mail_address(written: str, *, field: str = "email") -> str:
    """The address, cleaned of what surrounds it; Invalid, with a sentence for `field`, when it is none.

    In small letters: no mail server tells Anna from anna, and whoever looks for an address must find all of its cases.
    """
    address = clean_text(written, one_line=True).lower()
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    if not 0 < len(address) <= LONGEST:
        raise Invalid({field: _("Skriv din mejladress, till exempel namn@exempel.se")})
    return address
