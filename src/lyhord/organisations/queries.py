"""Finding organisations."""

from time import monotonic

from lyhord.organisations.models import Organisation

_KEEP_SECONDS = 5.0
_by_host: dict[str, tuple[float, Organisation | None]] = {}


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


def forget_hosts() -> None:
    """Drop what is kept, after a change and between tests."""
    _by_host.clear()
