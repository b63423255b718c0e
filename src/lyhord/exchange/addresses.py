"""Addresses of other systems, as administrators write them."""

from ipaddress import ip_address

from lyhord.core.errors import Text
from lyhord.core.http import OutwardError, check_url
from lyhord.core.reachable import allowed

URL_LENGTH = 500


def wrong_with(url: str) -> Text | None:
    """What is wrong with an address. Nobody is asked here: where the name leads is seen when we go there."""
    if len(url) > URL_LENGTH:
        return OutwardError("address").message
    try:
        read = check_url(url)
    except OutwardError as error:
        return error.message
    return None if read.scheme == "https" or _our_own(read.host) else OutwardError("address").message


def _our_own(host: str) -> bool:
    """Whether the settings allow the address by its number: then it may be called without https."""
    try:
        return allowed(ip_address(host))
    except ValueError:
        return False
