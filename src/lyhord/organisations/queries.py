"""Finding organisations."""

from collections.abc import Iterable
from time import monotonic

from django.conf import settings

from lyhord.organisations.models import Hostname, Organisation

_KEEP_SECONDS = 5.0
_by_host: dict[str, tuple[float, Organisation | None]] = {}
_primary_hosts: dict[int, tuple[float, str]] = {}


def organisation_by_host(host: str) -> Organisation | None:
    """The organisation shown at a host name (lower case, no port), or None.

    Kept for a few seconds in each process, so that a change of brand shows soon and no request pays for it.
    """
    kept = _by_host.get(host)
    if kept and kept[0] > monotonic():
        return kept[1]
    organisation = Organisation.objects.filter(hostnames__host=host).first()
    if len(_by_host) > 1000:
        _by_host.clear()  # hostile host names must not fill the memory
    _by_host[host] = (monotonic() + _KEEP_SECONDS, organisation)
    return organisation


def primary_host(organisation: Organisation) -> str:
    """The host name that messages outward lead to: the one marked primary, else the oldest, else "localhost"."""
    kept = _primary_hosts.get(organisation.pk)
    if kept and kept[0] > monotonic():
        return kept[1]
    names = Hostname.objects.filter(organisation_id=organisation.pk).order_by("-primary", "pk")
    host = names.values_list("host", flat=True).first() or "localhost"
    _primary_hosts[organisation.pk] = (monotonic() + _KEEP_SECONDS, host)
    return host


def public_url(organisation: Organisation, path: str) -> str:
    """The whole address of a page, for messages outward; `path` begins with a slash."""
    return _url(primary_host(organisation), path)


def public_urls(organisation_ids: Iterable[int], path: str) -> list[tuple[str, str]]:
    """Name and whole address of the same page at several organisations, by name; in one query."""
    names = Hostname.objects.filter(organisation_id__in=list(organisation_ids)).select_related("organisation")
    found: dict[str, str] = {}
    for name in names.order_by("organisation__name", "-primary", "pk"):
        found.setdefault(name.organisation.name, _url(name.host, path))
    return list(found.items())


def _url(host: str, path: str) -> str:
    usual = {"http": "80", "https": "443"}.get(settings.PUBLIC_SCHEME)
    port = "" if settings.PUBLIC_PORT in {"", usual} else f":{settings.PUBLIC_PORT}"
    return f"{settings.PUBLIC_SCHEME}://{host}{port}{path}"


def forget_hosts() -> None:
    """Drop what is kept, after a change and between tests."""
    _by_host.clear()
    _primary_hosts.clear()
