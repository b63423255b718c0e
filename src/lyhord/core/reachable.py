"""Which addresses of the network may be called: those of the open internet, and what the settings name."""

from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from django.conf import settings

type Address = IPv4Address | IPv6Address

# What the registries of special addresses name, beside what is private; Python's own lists grow with its versions.
_CLOSED = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
            *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
            *("203.0.113.0/24", "224.0.0.0/3"),
            *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        ),
    )
)
_OPEN_V6 = ip_network("2000::/3")  # all that has been given out; mapped, local and multicast lie outside
_NAT64 = ip_network("64:ff9b::/96")


def may_reach(address: Address) -> bool:
    """Whether it is an address of the open internet, or one that the settings allow (OUTWARD_ALLOW)."""
    real = _embedded(address)
    if allowed(real):
        return True
    if real.version == 6 and real not in _OPEN_V6:
        return False
    return real.is_global and not any(real in network for network in _CLOSED if network.version == real.version)


def allowed(address: Address) -> bool:
    """Whether the settings name it as one of our own that may be called all the same."""
    networks = (_network(text) for text in settings.OUTWARD_ALLOW)
    return any(network.version == address.version and address in network for network in networks)


@cache
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)


def _embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, else itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address
