"""A process that is forked from the loaded program is what a new one is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.loaded_program import WORDS, ProgramProcess, run
from tests.processes import adopted
from tests.sizes import WHOLE

pytestmark = pytest.mark.skipif(
    WHOLE or sys.platform != "linux", reason="each process is a new one"
)

TOKEN = ("token", "--role", "buyer", "--subject", "b-1")


@pytest.mark.parametrize(
    "arguments",
    [("--version",), ("no-such-command",), ("serve",), ("work", "--help"), ("verify",)],
)
def test_it_says_and_ends_as_a_new_one(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    nowhere = "postgresql://127.0.0.1:1/nowhere"
    environ = os.environ | {"REDRESS_HOME": str(tmp_path), "DATABASE_URL": nowhere}
    new = subprocess.run(
        [*WORDS, *arguments], env=environ, capture_output=True, text=True, check=False
    )
    forked = run(*arguments, env=environ)
    assert forked.returncode == new.returncode
    assert forked.stderr == new.stderr
    assert forked.stdout == new.stdout


def test_it_has_its_own_environment_and_folder_for_temporary_files(
    tmp_path: Path,
) -> None:
    for name in ("one", "other"):
        home = tmp_path / name
        done = run(*TOKEN, env={"REDRESS_HOME": str(home), "TMPDIR": str(tmp_path)})
        assert done.returncode == 0, done.stderr
        assert list(home.iterdir())
    with pytest.raises(subprocess.CalledProcessError):
        run(*TOKEN, env={"REDRESS_MODE": "production"}, check=True)


def test_it_is_killed_and_ended_by_signals(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        # A database that takes the connection, and never says anything.
        url = f"postgresql://127.0.0.1:{silent.getsockname()[1]}/silent"
        environ = {"REDRESS_HOME": str(tmp_path), "DATABASE_URL": url}
        for number in (signal.SIGKILL, signal.SIGTERM):
            one = adopted(ProgramProcess[bytes]([*WORDS, "work"], env=environ))
            assert one.poll() is None
            assert Path(f"/proc/{one.pid}").exists()
            one.send_signal(number)
            # By the signal, or, once the program has begun, in order.
            assert one.wait(timeout=60) in {-number, 128 + number}
            assert one.poll() == one.returncode
            assert not Path(f"/proc/{one.pid}").exists()


def test_it_is_a_new_one_with_options_that_a_fork_has_not(tmp_path: Path) -> None:
    forked = ProgramProcess[str]([*WORDS, "--version"], stdout=subprocess.PIPE)
    new = ProgramProcess[str](
        [*WORDS, "--version"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
        stdout=subprocess.PIPE,
    )
    with forked, new:
        said = [one.communicate(timeout=60)[0] for one in (forked, new)]
    assert said[0] == said[1]
    assert forked.is_forked
    assert not new.is_forked
