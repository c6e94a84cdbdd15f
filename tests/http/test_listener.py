"""A closed door lets nobody in, and those who are in go on."""

from __future__ import annotations

import socket

import pytest

from interface.run.listener import close_door
from tests.processes import free_port


def test_a_closed_door_lets_nobody_in_and_those_inside_go_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        inside = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        assert close_door(port) == 1
        with pytest.raises(TimeoutError):
            socket.create_connection(("127.0.0.1", port), timeout=0.3)
        inside.sendall(b"still here")
        assert accepted.recv(64) == b"still here"
        inside.close()
        accepted.close()


def test_a_port_on_which_nobody_listens_has_no_door() -> None:
    assert close_door(free_port()) == 0
