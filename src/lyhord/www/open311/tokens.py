"""Tokens of batch services: what the client gets instead of an id, to ask for the id with later.

A token is the number with a signature, so nothing is stored, and nobody can make one.
"""

import hmac

from django.conf import settings
from django.utils.translation import gettext as _

from lyhord.cases.numbers import parse_number
from lyhord.organisations.models import Organisation
from lyhord.www.open311.call import Call
from lyhord.www.open311.failures import Failure
from lyhord.www.open311.formats import Answer

_KEY = b"lyhord open311 tokens"


def token_of(organisation: Organisation, number: str) -> str:
    """The token of a case: "26-4817-5f0c…", ASCII."""
    key = hmac.digest(settings.SECRET_KEY.encode(), _KEY, "sha256")
    signature = hmac.digest(key, f"{organisation.pk} {number}".encode(), "sha256").hex()[:32]
    return f"{number}-{signature}"


def token(call: Call, given: str) -> Answer:
    """The id behind a token; 404 for what is no token of this organisation's."""
    number, _dash, _signature = given.rpartition("-")
    right = parse_number(number) and hmac.compare_digest(
        token_of(call.organisation, number).encode(), given.encode("utf-8", "surrogatepass")
    )
    if not right:
        raise Failure(404, _("Kvittot (token) finns inte här."))
    return Answer("service_requests", "request", [{"service_request_id": number, "token": given}])
