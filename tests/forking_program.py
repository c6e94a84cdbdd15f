"""The program with all of its commands imported, which forks itself when it is told to.

Run by `tests.loaded_program` with the number of a socket. An order on it is a list of
arguments, an environment, and four files: the three that every process has, and a
socket for the new process's id and later its status.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import selectors
import signal
import socket
import struct
import sys
import tempfile
import time
from importlib import import_module

from interface.cli.main import COMMANDS

NUMBER = struct.Struct("i")
MOST_BYTES = 1 << 20
MOST_FILES = 1 << 16


class Order:
    """A process to be forked."""

    def __init__(self, content: bytes, files: list[int]) -> None:
        self.arguments, self.environ = json.loads(content)
        *self.files, told = files
        self.told = socket.socket(fileno=told)

    def tell(self, number: int) -> None:
        """Say the process's id, or how it ended; whoever asked may be gone."""
        try:
            self.told.send(NUMBER.pack(number), socket.MSG_NOSIGNAL)
        except OSError:
            self.told.close()

    def close(self) -> None:
        """Let go of the files: only the process may hold them."""
        for one in self.files:
            os.close(one)


def load() -> None:
    """Import what commands import."""
    for row in COMMANDS.values():
        row.load()
    # Imported as a whole as soon as a calendar is made, which all do that load rules.
    import_module("holidays.countries")
    gc.collect()
    gc.freeze()


def forked(orders: socket.socket) -> Order | None:
    """Fork for each order; return it in the process made, and None at the end."""
    ended, told = socket.socketpair()
    ended.setblocking(False)
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, Order] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(orders, selectors.EVENT_READ)
        selector.register(ended, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is ended:
                    ended.recv(1024)
                    _reap(running)
                    continue
                content, files, _, _ = socket.recv_fds(orders, MOST_BYTES, 4)
                if not content:
                    return None
                order = Order(content, files)
                if (pid := os.fork()) == 0:
                    return order
                order.close()
                order.tell(pid)
                running[pid] = order


def _reap(running: dict[int, Order]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        order = running.pop(pid)
        order.tell(status)
        order.told.close()


def become(order: Order) -> None:
    """Make this process what it would be if it had just been started."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, one in enumerate(order.files):
        os.dup2(one, number)
    os.closerange(len(order.files), MOST_FILES)
    os.environ.clear()
    os.environ.update(order.environ)
    sys.dont_write_bytecode = bool(order.environ.get("PYTHONDONTWRITEBYTECODE"))
    tempfile.tempdir = None
    time.tzset()
    sys.argv[1:] = order.arguments


def main() -> None:
    """Import everything, and be forked until no one is there to ask for it."""
    load()
    orders = socket.socket(fileno=int(sys.argv[1]))
    order = forked(orders)
    if order is None:
        return
    # Closed by their numbers.
    orders.detach()
    order.told.detach()
    become(order)
    runpy.run_module("interface", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
