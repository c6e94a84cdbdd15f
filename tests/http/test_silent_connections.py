"""Connections over which nothing comes take nobody's place for long."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path

import pytest

from interface.run import silent_connections
from interface.run.silent_connections import SilentConnections
from tests.processes import (
    Process,
    free_port,
    http_client,
    serving_environ,
    wait_until_ready,
)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells how much came"
)

CROWD = 1_200
"""More than wait to be accepted, and more than a process once took."""


@pytest.mark.kill
def test_a_crowd_that_says_nothing_keeps_nobody_out(url: str, tmp_path: Path) -> None:
    port = free_port()
    environ = serving_environ(url, tmp_path, port)
    server = Process(environ, "serve")
    wait_until_ready(live := f"http://127.0.0.1:{port}")
    crowd = [socket.create_connection(("127.0.0.1", port)) for _ in range(CROWD)]
    with http_client() as client:
        assert client.get(f"{live}/health/live").status_code == 200
    patience = silent_connections.SILENT_SECONDS + 3 * silent_connections.LOOK_SECONDS
    time.sleep(patience)
    for one in crowd:
        one.settimeout(5)
        # The end of what comes: the server has closed it.
        assert one.recv(1) == b""
        one.close()
    server.stop()


def test_only_what_was_silent_for_long_is_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(silent_connections, "SILENT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        silent, talking = (
            socket.create_connection(("127.0.0.1", port)) for _ in range(2)
        )
        accepted = [server.accept()[0] for _ in range(2)]
        talking.sendall(b"G")
        time.sleep(0.05)
        watched = SilentConnections(port)
        assert watched.look() == 0
        time.sleep(0.2)
        assert watched.look() == 1
        assert silent.recv(1) == b""
        talking.sendall(b"ET")
        assert b"".join(one.recv(8) for one in accepted) == b"GET"
        for one in (silent, talking, *accepted):
            one.close()
