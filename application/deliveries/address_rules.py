"""Which addresses messages may be sent to: none inside the platform's own networks.

Whoever names an endpoint chooses where this program connects to. What is judged is the
address that a name led to, and the connection then goes to that very address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The one block of IPv6 from which addresses are given to anybody (RFC 4291).
_GIVEN = ip_network("2000::/3")

# Beside what `ipaddress` knows: its tables differ between versions of Python.
_CLOSED = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT, and some clouds' metadata
            "127.0.0.0/8",
            "169.254.0.0/16",  # link-local: the metadata of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
            "2001::/23",  # Teredo, benchmarks, ORCHID
            "2001:db8::/32",
            "3fff::/20",
        ),
    )
)

# A network's own prefix (64:ff9b:1::/48) embeds at several places: it stays closed.
_NAT64 = ip_network("64:ff9b::/96")
_SIX_TO_FOUR = ip_network("2002::/16")
_COMPATIBLE = ip_network("::/96")


def is_open(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Tell whether messages may be sent to an address.

    `allowed` are networks that the operator has named as exceptions.
    """
    reached = tuple(_reached(address))
    if all(any(_within(one, net) for net in allowed) for one in reached):
        return True
    return all(_is_public(one) for one in reached)


def read_address(text: str) -> Address:
    """Read an address as a resolver gives it, without its zone. Raises ValueError."""
    return ip_address(text.partition("%")[0])


def _reached(address: Address) -> Iterator[Address]:
    """Yield the addresses at which a connection can end: an embedded one, too."""
    if isinstance(address, IPv4Address):
        yield address
    elif address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    elif address in _COMPATIBLE or address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFF_FFFF)
    elif address in _SIX_TO_FOUR:
        yield address
        yield IPv4Address((int(address) >> 80) & 0xFFFF_FFFF)
    else:
        yield address


def _is_public(address: Address) -> bool:
    if any(_within(address, net) for net in _CLOSED):
        return False
    if isinstance(address, IPv6Address) and address not in _GIVEN:
        return False
    return address.is_global and not address.is_multicast


def _within(address: Address, network: Network) -> bool:
    return address.version == network.version and address in network
