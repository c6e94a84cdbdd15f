"""Ends connections over which nothing ever came: they would take the places of others.

The server itself bounds the time for a request's head only once it has begun. How much
came is known to the system; only Linux tells it (tcp(7), TCP_INFO).
"""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SILENT_SECONDS = 10.0
"""Longer than a slow network takes to bring the first bytes of a request."""

LOOK_SECONDS = 2.0

_OPEN = Path("/proc/self/fd")
_INFO_BYTES = 192
_BYTES_RECEIVED_AT = 128
"""The place of `tcpi_bytes_received` in `struct tcp_info` of linux/tcp.h."""


class SilentConnections:
    """The connections to a port of this process over which nothing has come yet."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._since: dict[str, float] = {}

    def watch(self) -> None:
        """Look again and again, in a thread that ends with the process."""
        if _OPEN.is_dir():
            name = "silent connections"
            threading.Thread(target=self._run, name=name, daemon=True).start()

    def look(self) -> int:
        """End those that have been silent for long; return how many there were."""
        now, seen, ended = time.monotonic(), dict[str, float](), 0
        for inode, connection in _connections(self._port):
            with connection, suppress(OSError):
                if _bytes_received(connection):
                    continue
                seen[inode] = self._since.get(inode, now)
                if now - seen[inode] >= SILENT_SECONDS:
                    connection.shutdown(socket.SHUT_RDWR)
                    ended += 1
        self._since = seen
        return ended

    def _run(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            self.look()


def _connections(port: int) -> Iterator[tuple[str, socket.socket]]:
    """Yield a second handle on each connection to a port, by the socket's inode."""
    for entry in _OPEN.iterdir():
        # Any of them may be closed, or be another one, by now: what follows goes by the
        # handle alone.
        with suppress(OSError, ValueError):
            inode = str(entry.readlink())
            if not inode.startswith("socket:"):
                continue
            handle = socket.socket(fileno=os.dup(int(entry.name)))
            if _leads_to(handle, port):
                yield inode, handle
            else:
                handle.close()


def _leads_to(handle: socket.socket, port: int) -> bool:
    if handle.family not in {socket.AF_INET, socket.AF_INET6}:
        return False
    try:
        handle.getpeername()
    except OSError:
        # It listens.
        return False
    return bool(handle.getsockname()[1] == port)


def _bytes_received(connection: socket.socket) -> int:
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
    (received,) = struct.unpack_from("=Q", info, _BYTES_RECEIVED_AT)
    return int(received)
