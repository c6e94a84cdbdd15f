"""Lets no new connection reach a port of this process, while those there are answered.

The server stops to listen and closes idle connections in one moment. A connection that
was made just before would be closed unread, with the request that it brings.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_OPEN = Path("/proc/self/fd")

_SO_ATTACH_FILTER = 26
"""socket(7), of linux/socket.h: a program decides what reaches the socket."""

_DROP_ALL = struct.pack("=HBBI", 0x06, 0, 0, 0)
"""One instruction of classic BPF: return 0, which keeps no byte of a packet."""


def close_door(port: int) -> int:
    """Drop what asks for a connection; return how many listening sockets there were.

    Whoever asks is refused once the server has ended, a second later at most. Without
    Linux nothing is done.
    """
    program = ctypes.create_string_buffer(_DROP_ALL, len(_DROP_ALL))
    filtered = struct.pack("@HP", 1, ctypes.addressof(program))
    closed = 0
    for handle in _listening(port):
        with handle, suppress(OSError):
            handle.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, filtered)
            closed += 1
    return closed


def _listening(port: int) -> Iterator[socket.socket]:
    """Yield a second handle on each socket that listens on a port."""
    for entry in _OPEN.iterdir() if _OPEN.is_dir() else ():
        with suppress(OSError, ValueError):
            if not str(entry.readlink()).startswith("socket:"):
                continue
            handle = socket.socket(fileno=os.dup(int(entry.name)))
            if _listens(handle, port):
                yield handle
            else:
                handle.close()


def _listens(handle: socket.socket, port: int) -> bool:
    if handle.family not in {socket.AF_INET, socket.AF_INET6}:
        return False
    listens = handle.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    return bool(listens) and bool(handle.getsockname()[1] == port)
