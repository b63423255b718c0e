"""What the head of a page says so that it can be installed."""

from django import template

from lyhord.organisations.models import Organisation
from lyhord.www.app.manifest import icon_url
from lyhord.www.brand import DARK, derive, to_hex

register = template.Library()


@register.simple_tag
def app_icon(organisation: Organisation, name: str) -> str:
    """The address of one of the app's icons."""
    return icon_url(organisation, name)


@register.simple_tag
def dark_ground(organisation: Organisation) -> str:
    """The page's background in the dark (--bg), for the browser's own edges."""
    return to_hex(derive(organisation.colour, DARK)["bg"])
