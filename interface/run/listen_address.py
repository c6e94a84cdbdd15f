"""Where a server listens: a host by name or number, and a port."""

from __future__ import annotations

import socket
from typing import Protocol

from msgspec import Struct

from interface.settings.settings import SettingError


class Listening(Protocol):
    """Where to listen."""

    @property
    def host(self) -> str:
        """Return the host: a name, or an address with or without brackets."""

    @property
    def port(self) -> int:
        """Return the port."""


class ListenAddress(Struct, frozen=True):
    """A host and a port."""

    host: str
    port: int


def url_of(where: Listening) -> str:
    """Return the URL; an IPv6 address stands in brackets there (RFC 3986)."""
    host = where.host.strip("[]")
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{where.port}"


def resolved(where: Listening, setting: str) -> ListenAddress:
    """Return the first address of a host that this process can listen on.

    Raises SettingError, which names the setting: the server itself takes addresses
    only, and would end without saying which setting is wrong.
    """
    host, port = where.host.strip("[]"), where.port
    try:
        found = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SettingError(f"{setting}: no host {where.host!r}: {reason}") from None
    # A name can stand for several; every client of a name knows IPv4.
    found.sort(key=lambda one: one[0] is not socket.AF_INET)
    refused: list[str] = []
    for family, *_, address in found:
        if reason := _refusal(family, address):
            refused.append(reason)
        else:
            return ListenAddress(str(address[0]), port)
    raise SettingError(f"{setting}: cannot listen on {host}:{port}: {refused[0]}")


def _refusal(family: socket.AddressFamily, address: tuple[object, ...]) -> str:
    """Return why this process cannot listen on an address, "" if it can."""
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # A server that was stopped just now leaves connections that hold the port
            # without listening on it.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
