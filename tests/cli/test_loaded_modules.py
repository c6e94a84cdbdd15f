"""A command loads no library that it does not need: a start is what it imports."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PROGRAM = """
import sys
from interface.cli.main import main

sys.argv[0] = "redress"
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""
OURS = {"application", "domain", "interface", "projections", "tests"}
BARE = {"click"}
SIGNING = BARE | {"_cffi_backend", "cryptography", "jwt", "msgspec"}


def loaded(home: Path, *arguments: str, **environ: str) -> set[str]:
    """Return which installed packages a command has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=os.environ | {"REDRESS_HOME": str(home)} | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    names = {name.partition(".")[0] for name in done.stderr.split()}
    assert "interface" in names, done.stderr
    # Python itself loads setuptools' hook wherever that is installed.
    return names & packages_distributions().keys() - OURS - {"_distutils_hack"}


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--help",), (), ("no-such-command",)]
)
def test_what_needs_no_command_loads_click_only(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert loaded(tmp_path, *arguments) == BARE


def test_a_completed_command_loads_click_only(tmp_path: Path) -> None:
    typed = {"COMP_WORDS": "redress re", "COMP_CWORD": "1"}
    assert loaded(tmp_path, _REDRESS_COMPLETE="bash_complete", **typed) == BARE


@pytest.mark.parametrize("role", ["buyer", "king"])
def test_a_token_loads_what_signs_it_and_no_server_or_database(
    tmp_path: Path, role: str
) -> None:
    asked = ("token", "--role", role, "--subject", "b-1")
    assert loaded(tmp_path, *asked) - {"typing_extensions"} == SIGNING


def test_a_server_loads_no_http_client_before_it_asks_an_issuer(tmp_path: Path) -> None:
    nowhere = "postgresql://127.0.0.1:1/nowhere"
    found = loaded(tmp_path, "serve", DATABASE_URL=nowhere)
    assert {"granian", "litestar"} <= found
    assert found.isdisjoint({"httpx", "pygments", "rich"})
