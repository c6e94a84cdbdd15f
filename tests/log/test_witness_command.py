"""`redress witness`: mistakes are named by the option that they are in."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.log.witness_fixture import LOG_KEYS
from tests.test_startup_checks import redress, said


@pytest.fixture
def policy(tmp_path: Path) -> str:
    lines = [f"log {key.vkey}\n" for key in LOG_KEYS.verifiers]
    path = tmp_path / "policy"
    path.write_text("".join([*lines, "quorum none\n"]))
    return str(path)


def test_a_port_in_use_is_named_by_its_option(tmp_path: Path, policy: str) -> None:
    home = ("--home", str(tmp_path / "w"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        words = ("witness", policy, "--name", "w", *home, "--listen", place)
        line = said(redress(tmp_path, "", *words))
    assert f"--listen: cannot listen on {place}" in line
    assert "REDRESS" not in line


@pytest.mark.parametrize("every", ["-1", "0"])
def test_to_look_without_a_pause_is_refused(
    tmp_path: Path, policy: str, every: str
) -> None:
    done = redress(tmp_path, "", "witness", policy, "--name", "w", "--every", every)
    assert done.returncode == 2
    assert "--every" in done.stderr
