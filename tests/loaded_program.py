"""The program, loaded once for a worker of the suite and forked for each process of it.

`python -m interface …` takes most of a second of the processor until all is imported,
and the suite starts some hundreds. Here one process imports every command and nothing
else, and what a test starts is a fork of it, with its own arguments, environment and
files: a process like any other, to be waited for, signalled and killed. What a start
imports is not looked at so; tests of that, and `TEST_SIZE=whole`, start new ones.

Only on Linux: elsewhere to fork a process that has loaded the system's libraries is not
safe, and each process is a new one.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from inspect import signature
from typing import Any, TypeVar

from tests.sizes import WHOLE

Text = TypeVar("Text", str, bytes)

WORDS = [sys.executable, "-m", "interface"]
"""What a command has to begin with to be forked."""

NUMBER = struct.Struct("i")

AS_USUAL: dict[str, object] = {
    "cwd": None,
    "executable": None,
    "pass_fds": (),
    "preexec_fn": None,
    "process_group": -1,
    "shell": False,
    "start_new_session": False,
}
"""The options with which a process is forked: what it is started with otherwise."""

LATER = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
"""What a fork can be told of Python as well as a new process."""


class LoadedProgram:
    """The process that is forked, as its worker sees it."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.forking_program", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    def fork(
        self, arguments: list[str], environ: dict[str, str], files: list[int]
    ) -> tuple[int, socket.socket]:
        """Return the id of a new process, and the socket that tells how it ended."""
        told, theirs = socket.socketpair()
        with theirs:
            order = json.dumps([arguments, environ]).encode()
            socket.send_fds(self._orders, [order], [*files, theirs.fileno()])
        return NUMBER.unpack(told.recv(NUMBER.size))[0], told

    def close(self) -> None:
        """End it; what it has forked goes on."""
        self._orders.close()
        self.process.wait()


_LOADED: list[LoadedProgram] = []


def _loaded() -> LoadedProgram:
    if not _LOADED:
        _LOADED.append(LoadedProgram())
        atexit.register(lambda: _LOADED.pop().close())
    return _LOADED[0]


class ProgramProcess(subprocess.Popen[Text]):
    """`subprocess.Popen` of a command, forked from the loaded program if it can be.

    It is no child of this process: what makes a child and waits for it is another.
    """

    _told: socket.socket | None = None

    @property
    def is_forked(self) -> bool:
        """Tell whether it is no new process."""
        return self._told is not None

    def _execute_child(self, *given: Any) -> None:
        make: Any = super()._execute_child  # type: ignore[misc]
        how = dict(zip(signature(make).parameters, given, strict=True))
        environ = dict(os.environ if how["env"] is None else how["env"])
        if not _can_be_forked(how, environ):
            make(*given)
            return
        ends = [how[name] for name in ("p2cread", "c2pwrite", "errwrite")]
        files = [n if end == -1 else end for n, end in enumerate(ends)]
        arguments = list(map(str, how["args"][len(WORDS) :]))
        self.pid, self._told = _loaded().fork(arguments, environ, files)
        self._child_created = True
        pipes = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
        close: Any = self._close_pipe_fds  # type: ignore[attr-defined]
        close(*map(how.get, pipes))

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        if self._told is None:
            waited: tuple[int, int] = super()._try_wait(wait_flags)  # type: ignore[misc]
            return waited
        try:
            flags = socket.MSG_DONTWAIT if wait_flags & os.WNOHANG else 0
            said = self._told.recv(NUMBER.size, flags)
        except BlockingIOError:
            return 0, 0
        self._told.close()
        return self.pid, NUMBER.unpack(said)[0] if said else signal.SIGKILL

    def _internal_poll(self, *given: Any, **more: Any) -> int | None:
        poll: Any = super()._internal_poll  # type: ignore[misc]
        if self._told is not None:
            more["_waitpid"] = lambda _, flags: self._try_wait(flags)
        status: int | None = poll(*given, **more)
        return status


def _can_be_forked(how: dict[str, Any], environ: dict[str, str]) -> bool:
    """Tell whether a fork would be what a new process is."""
    return (
        sys.platform == "linux"
        and not WHOLE
        and list(how["args"][: len(WORDS)]) == WORDS
        and all(how[name] == usual for name, usual in AS_USUAL.items())
        and _at_start(environ) == _at_start(dict(os.environ))
    )


def _at_start(environ: dict[str, str]) -> dict[str, str]:
    """Return what a process reads before it is a program, and a fork not at all."""
    return {
        name: value
        for name, value in environ.items()
        if name.startswith(("LANG", "LC_", "LD_", "PYTHON")) and name not in LATER
    }


def run(
    *arguments: str,
    env: dict[str, str] | None = None,
    timeout: float = 120,
    check: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, asking it nothing, and return what it said.

    Raises CalledProcessError with `check`, if it fails.
    """
    words = [*WORDS, *arguments]
    with ProgramProcess[str](
        words,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            out, err = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            raise
    done = subprocess.CompletedProcess(words, process.returncode, out, err)
    if check:
        done.check_returncode()
    return done
