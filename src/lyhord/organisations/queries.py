"""Finding organisations."""

from collections.abc import Callable, Iterable
from time import monotonic

from django.conf import settings

from lyhord.core.kept import kept
from lyhord.organisations.models import Hostname, Inlet, Organisation, Unit

_KEEP_SECONDS = 5.0
type _Memory = dict[str, tuple[float, Organisation | None]]
_by_host: _Memory = {}
_by_slug: _Memory = {}
_primary_hosts: dict[int, tuple[float, str]] = {}
_answer_addresses: dict[tuple[int, str], tuple[float, str]] = {}


def organisation_by_host(host: str) -> Organisation | None:
    """The organisation shown at a host name (lower case, no port), or None.

    Kept for a few seconds in each process, so that a change of brand shows soon and no request pays for it.
    """
    return _kept(_by_host, host, lambda: Organisation.objects.filter(hostnames__host=host).first())


def organisation_by_slug(slug: str) -> Organisation | None:
    """The organisation with that slug, or None; kept as long."""
    return _kept(_by_slug, slug, lambda: Organisation.objects.filter(slug=slug).first())


def _kept(memory: _Memory, name: str, read: Callable[[], Organisation | None]) -> Organisation | None:
    known = memory.get(name)
    if known and known[0] > monotonic():
        return known[1]
    organisation = read()
    if len(memory) > 1000:
        memory.clear()  # hostile names must not fill the memory
    memory[name] = (monotonic() + _KEEP_SECONDS, organisation)
    return organisation


def primary_host(organisation: Organisation) -> str:
    """The host name that messages outward lead to: the one marked primary, else the oldest, else "localhost"."""
    known = _primary_hosts.get(organisation.pk)
    if known and known[0] > monotonic():
        return known[1]
    names = Hostname.objects.filter(organisation_id=organisation.pk).order_by("-primary", "pk")
    host = names.values_list("host", flat=True).first() or "localhost"
    _primary_hosts[organisation.pk] = (monotonic() + _KEEP_SECONDS, host)
    return host


def public_url(organisation: Organisation, path: str) -> str:
    """The whole address of a page, for messages outward; `path` begins with a slash."""
    return _url(primary_host(organisation), path)


def urls_at_all_hosts(organisation: Organisation, path: str) -> list[str]:
    """The whole address of a page at each of the organisation's host names, the first the one for messages outward."""
    names = Hostname.objects.filter(organisation_id=organisation.pk).order_by("-primary", "pk")
    return [_url(host, path) for host in names.values_list("host", flat=True)]


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


def answer_address(organisation_id: int, channel: Inlet.Channel) -> str:
    """Where answers to what we send are to come; "" where none are taken in. Kept for a few seconds."""
    key = (organisation_id, str(channel))
    known = _answer_addresses.get(key)
    if known and known[0] > monotonic():
        return known[1]
    found = Inlet.objects.filter(organisation_id=organisation_id, channel=channel, answers=True)
    address = found.values_list("address", flat=True).first() or ""
    _answer_addresses[key] = (monotonic() + _KEEP_SECONDS, address)
    return address


def inlets_of(organisation_id: int) -> list[Inlet]:
    """All addresses of an organisation's where people write to it."""
    return list(Inlet.objects.filter(organisation_id=organisation_id).order_by("channel", "address"))


def units_in_order() -> list[Unit]:
    """All units of the organisation in scope, by name."""
    return kept("units in order", lambda: list(Unit.objects.order_by("sort_key", "pk")))


def forget_hosts() -> None:
    """Drop what is kept, after a change and between tests."""
    _by_host.clear()
    _by_slug.clear()
    _primary_hosts.clear()
    _answer_addresses.clear()
