"""What the URL of an endpoint may be, before anybody looks where it leads."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_network
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from application.deliveries.address_rules import Network, is_open, read_address

MAX_URL = 500
RESOLVE_SECONDS = 3.0

# Printable ASCII but for what no URL holds; parsers differ in what they make of others.
_CHARACTERS = re.compile(r"[!#-;=?-\[\]_a-z~]+")

# The last label of a name is never a number; of a host such as 0x7f.1 or 2130706433,
# a resolver makes an address.
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)


class OutboundRules(Struct, frozen=True, kw_only=True):
    """Where messages may go.

    `networks` are those of private addresses that the operator has allowed; `encrypted`
    says that only https is, except in those networks.
    """

    networks: tuple[Network, ...] = ()
    encrypted: bool = True


class UrlRefused(ValueError):
    """The URL is of no endpoint; the message is the code of the problem."""


def read_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Read networks such as 10.1.0.0/16. Raises ValueError."""
    return tuple(ip_network(text) for text in texts)


def check_url(url: str, rules: OutboundRules) -> None:
    """Raise UrlRefused unless messages may be sent to a URL, as far as it tells.

    Where a name leads to is looked at for each connection.
    """
    if not _CHARACTERS.fullmatch(url) or "\\" in url or len(url) > MAX_URL:
        raise UrlRefused("webhook-url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlRefused("webhook-url") from None
    host = parts.hostname
    if not host or parts.scheme not in {"http", "https"} or port == 0:
        raise UrlRefused("webhook-url")
    if "@" in parts.netloc or "#" in url:
        raise UrlRefused("webhook-url")
    _check_host(host, parts, rules)


def check_addresses(url: str, rules: OutboundRules) -> None:
    """Raise UrlRefused if the host of a URL leads to a closed address now.

    One that leads nowhere yet is let through: each connection looks again. A resolver
    that hangs is not waited for.
    """
    host = urlsplit(url).hostname or ""
    found: list[str] = []

    def look() -> None:
        with suppress(OSError, UnicodeError):
            asked = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found.extend(str(one[4][0]) for one in asked)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(RESOLVE_SECONDS)
    if not all(is_open(read_address(one), rules.networks) for one in list(found)):
        raise UrlRefused("webhook-address")


def _check_host(host: str, parts: SplitResult, rules: OutboundRules) -> None:
    try:
        address = read_address(host)
    except ValueError:
        address = None
    if address is not None and not is_open(address, rules.networks):
        raise UrlRefused("webhook-address")
    if address is None and _NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]):
        raise UrlRefused("webhook-address")
    inside = address is not None and any(
        address.version == net.version and address in net for net in rules.networks
    )
    if parts.scheme == "http" and rules.encrypted and not inside:
        raise UrlRefused("webhook-https")
