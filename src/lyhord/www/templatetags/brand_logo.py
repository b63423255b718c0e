"""Where the organisation's own logo is."""

from django import template
from django.urls import reverse

from lyhord.organisations.models import Organisation
from lyhord.www.manage.logo import logo_version

register = template.Library()


@register.simple_tag
def logo_url(organisation: Organisation | None) -> str:
    """The address of the organisation's logo, or "" when it has none."""
    key = getattr(organisation, "logo", "")
    if organisation is None or not isinstance(key, str) or not key:
        return ""
    return reverse("manage:logo", kwargs={"version": logo_version(organisation)})
