"""A server listens where a setting says, by name or number, and prints that URL."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from interface.run.listen_address import ListenAddress, resolved, url_of
from interface.settings.settings import SettingError
from tests.loaded_program import WORDS, ProgramProcess
from tests.processes import free_port, http_client
from tests.test_startup_checks import redress, said


@pytest.mark.parametrize(
    ("host", "shown"),
    [("localhost", "localhost"), ("::1", "[::1]"), ("[::1]", "[::1]")],
)
def test_a_host_by_name_or_number_is_served_and_printed(
    url: str, tmp_path: Path, host: str, shown: str
) -> None:
    port = free_port()
    environ = {
        "DATABASE_URL": url,
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_HOST": host,
        "REDRESS_PORT": str(port),
    }
    server = ProgramProcess[str](
        [*WORDS, "serve"],
        env=os.environ | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline().strip()
        assert line == f"redress: serving on http://{shown}:{port}"
        with http_client() as client:
            live = client.get(f"http://{shown}:{port}/health/live")
        assert live.json() == {"status": "live"}
    finally:
        server.terminate()
        rest, _ = server.communicate(timeout=20)
    assert (server.returncode, rest) == (0, "")


@pytest.mark.parametrize("host", ["nobody.invalid", "203.0.113.7", "a" * 80, "::g"])
def test_a_host_that_is_not_here_is_one_line(
    url: str, tmp_path: Path, host: str
) -> None:
    line = said(redress(tmp_path, url, "serve", REDRESS_HOST=host))
    assert line.startswith("redress: REDRESS_HOST/REDRESS_PORT: ")
    assert host in line


def test_a_name_stands_for_an_address_that_can_be_listened_on() -> None:
    port = free_port()
    found = resolved(ListenAddress("localhost", port), "x")
    assert (found.host, found.port) == ("127.0.0.1", port)
    assert url_of(ListenAddress("::", 80)) == "http://[::]:80"
    with pytest.raises(SettingError, match="no host"):
        resolved(ListenAddress("nobody.invalid", port), "x")
