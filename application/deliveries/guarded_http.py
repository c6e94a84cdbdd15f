"""Sends one HTTP request to a place that somebody else has named.

The name is resolved once for each connection, every address that it leads to is judged,
and the connection goes to one of these. TLS still asks for the name. No redirect is
followed, no proxy is used, no connection is kept, and the answer is read no further
than a bound.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache
from typing import Any

import httpcore
from msgspec import Struct

from application.deliveries.address_rules import Address, is_open, read_address
from application.deliveries.webhook_url import OutboundRules, UrlRefused, check_url

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
"""How long connecting, and all of an exchange, may take in seconds."""

MAX_ANSWER = 65_536
"""Bytes of an answer's content that are read; nothing of them is kept."""

_SECONDS = re.compile(r"[0-9]{1,8}", re.ASCII)

OK, REDIRECTS, GONE = range(200, 300), range(300, 400), 410
BUSY = frozenset({429, 503})

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a name, as texts. Raises OSError."""


class Problem(StrEnum):
    """Why a message was not taken."""

    STATUS = "status"
    REDIRECT = "redirect"
    GONE = "gone"
    TIMEOUT = "timeout"
    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    ADDRESS = "address"
    URL = "url"
    PROTOCOL = "protocol"
    INTERNAL = "internal"


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of an attempt; `problem` None: the receiver has taken the message.

    `asked`: the pause that the receiver asked for.
    """

    at: datetime
    milliseconds: int
    status: int | None = None
    problem: Problem | None = None
    asked: timedelta | None = None


class AddressRefused(Exception):
    """A name leads to an address to which nothing may be sent."""


class Unresolved(Exception):
    """A name leads nowhere."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that a name led to, once all of them were judged."""

    def __init__(self, rules: OutboundRules, resolve: Resolve) -> None:
        self._rules, self._resolve = rules, resolve
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the base class has it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers. Raises AddressRefused."""
        error: Exception = Unresolved(host)
        for address in await self._addresses(host, port):
            try:
                return await self._inner.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except httpcore.ConnectError as failed:
                error = failed
        raise error

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> Sequence[Address]:
        try:
            found = await self._resolve(host, port)
            addresses = list(dict.fromkeys(map(read_address, found)))
        except (OSError, UnicodeError, ValueError):
            raise Unresolved(host) from None
        # One closed address among several is enough: nobody honest has such a name.
        if not all(is_open(one, self._rules.networks) for one in addresses):
            raise AddressRefused(host)
        return addresses


@cache
def system_trust() -> ssl.SSLContext:
    """Return what trusts the system's roots; to read these takes 20 ms."""
    return ssl.create_default_context()


class GuardedHttp:
    """Posts messages. `context` is what TLS trusts, the system's roots by default."""

    def __init__(
        self,
        rules: OutboundRules,
        resolve: Resolve = resolve,
        *,
        context: ssl.SSLContext | None = None,
        connect_seconds: float = CONNECT_SECONDS,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        self._rules = rules
        self._backend = CheckedBackend(rules, resolve)
        self._context = context or system_trust()
        self._connect_seconds, self._whole_seconds = connect_seconds, whole_seconds

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Post a body; whatever goes wrong is in the outcome."""
        at, began = datetime.now(UTC), time.monotonic()
        status: int | None = None
        asked: timedelta | None = None
        problem: Problem | None
        try:
            check_url(url, self._rules)
            async with asyncio.timeout(self._whole_seconds):
                status, asked = await self._exchange(url, body, headers)
            problem = _problem_of(status)
        except Exception as error:  # noqa: BLE001 - told apart, and none is lost
            problem = _problem(error)
        spent = round((time.monotonic() - began) * 1_000)
        return Outcome(
            at=at, milliseconds=spent, status=status, problem=problem, asked=asked
        )

    async def _exchange(
        self, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, timedelta | None]:
        sent = [
            ("Content-Type", "application/json"),
            ("User-Agent", "redress"),
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
            *headers.items(),
        ]
        pool = httpcore.AsyncConnectionPool(
            ssl_context=self._context,
            network_backend=self._backend,
            max_keepalive_connections=0,
        )
        limits = {
            "connect": self._connect_seconds,
            "read": self._whole_seconds,
            "write": self._whole_seconds,
            "pool": self._connect_seconds,
        }
        async with (
            pool,
            pool.stream(
                "POST", url, headers=sent, content=body, extensions={"timeout": limits}
            ) as response,
        ):
            read = 0
            async for chunk in response.aiter_stream():
                read += len(chunk)
                if read > MAX_ANSWER:
                    break
            return response.status, _asked(response)


def _problem_of(status: int) -> Problem | None:
    if status in OK:
        return None
    if status == GONE:
        return Problem.GONE
    return Problem.REDIRECT if status in REDIRECTS else Problem.STATUS


def _problem(error: Exception) -> Problem:
    match error:
        case UrlRefused():
            return Problem.URL
        case AddressRefused():
            return Problem.ADDRESS
        case Unresolved():
            return Problem.UNRESOLVED
        case TimeoutError() | httpcore.TimeoutException():
            return Problem.TIMEOUT
        case httpcore.ConnectError():
            cause = error.__cause__ or error.__context__
            is_tls = isinstance(cause, ssl.SSLError) or "SSL" in str(error)
            return Problem.TLS if is_tls else Problem.UNREACHABLE
        case httpcore.ProtocolError() | httpcore.UnsupportedProtocol():
            return Problem.PROTOCOL
        case httpcore.NetworkError() | OSError():
            return Problem.UNREACHABLE
        case _:
            return Problem.INTERNAL


def _asked(response: httpcore.Response) -> timedelta | None:
    """Return the pause that the receiver asks for, None for none or nonsense."""
    if response.status not in BUSY:
        return None
    named = {name.lower(): value for name, value in response.headers}
    said = named.get(b"retry-after", b"").decode("latin-1").strip()
    if _SECONDS.fullmatch(said):
        return timedelta(seconds=int(said))
    try:
        pause = parsedate_to_datetime(said) - datetime.now(UTC)
    except (TypeError, ValueError):
        return None
    return max(pause, timedelta(0))
