"""The embedded PostgreSQL: a real server in a folder, for development and tests."""

from __future__ import annotations

import atexit
import hashlib
import os
import shlex
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from application.record.session import open_session
from interface.run.folder_users import FolderUsers
from interface.run.postgres_programs import EmbeddedUnavailable, PostgresPrograms
from interface.run.postmaster import remove_leftovers, running_pid

START_SECONDS = 60.0
"""How long recovery after a kill may take."""

LONGEST_SOCKET = 100
"""Bytes that the path of a Unix socket may have, on every system."""

PORT = "5432"
UNQUOTED = '"$`\\\n'
"""What pg_ctl hands to a shell in the path of the data without escaping it."""

_PASSING = ("pre-existing shared memory", "lock file")
"""What a server says that comes too soon after another one was killed."""


class EmbeddedServer:
    """A server of our own; the last process that uses it stops it on exit.

    It listens on a Unix socket only, which only its own user and root may open. It
    changes nothing outside its folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._users = FolderUsers(self.folder)
        self._programs: PostgresPrograms | None = None

    def start(self) -> str:
        """Start it unless it runs, and return its URL (database "postgres").

        Raises EmbeddedUnavailable with the reason in one line.
        """
        if strange := sorted(set(str(self.folder)) & set(UNQUOTED)):
            raise EmbeddedUnavailable(
                f"{self.folder}: the embedded PostgreSQL takes no path with"
                f" {' '.join(strange)}"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._users.alone():
            if self._users.join():
                atexit.register(self._leave)
            if not (self.folder / "PG_VERSION").exists():
                self._make()
            self._start()
        return self._answering()

    @property
    def pid(self) -> int:
        """Return the process id of the running server. Raises LookupError."""
        pid = running_pid(self.folder)
        if pid is None:
            raise LookupError(f"no server runs in {self.folder}")
        return pid

    @property
    def programs(self) -> Path:
        """Return the folder of the server's programs (pgbench, pg_dump …)."""
        return self._of_folder().folder

    def stop(self) -> None:
        """Stop it now, although other processes may be using it."""
        # Asked first: `pg_ctl stop` ends whatever process has the number in the file.
        if running_pid(self.folder) is not None:
            data = str(self.folder)
            self._of_folder().run("pg_ctl", "-D", data, "-w", "-m", "fast", "stop")

    def _leave(self) -> None:
        # Nothing is left to stop where the folder itself was removed.
        with suppress(FileNotFoundError):
            self._users.leave(self.stop)

    def _of_folder(self) -> PostgresPrograms:
        """Return the programs of the version that the data are of."""
        if self._programs is None:
            written = self.folder / "PG_VERSION"
            version = int(written.read_text()) if written.exists() else None
            self._programs = PostgresPrograms(version)
        return self._programs

    def _make(self) -> None:
        programs = self._of_folder()
        programs.check_reach(self.folder)
        # Beside its place first: a process that is killed meanwhile would leave a
        # folder that looks like a server's and never starts.
        draft = self.folder.with_name(f".{self.folder.name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if programs.account is not None:
            os.chown(draft, *programs.account)
        # Trust: whoever gets to the socket is its owner or root.
        how = ("--auth=trust", "--encoding=UTF8", "--no-locale", "-U", "postgres")
        programs.run("initdb", *how, "-D", str(draft))
        try:
            draft.rename(self.folder)
        except OSError as error:
            raise EmbeddedUnavailable(f"{self.folder}: {error.strerror}") from None

    def _start(self) -> None:
        programs = self._of_folder()
        deadline = time.monotonic() + START_SECONDS
        while running_pid(self.folder) is None:
            remove_leftovers(self.folder)
            programs.check_reach(self.folder)
            before = self._log_size()
            try:
                programs.run("pg_ctl", *self._start_arguments())
            except EmbeddedUnavailable as error:
                reason = self._last_words(before) or str(error)
                passes = any(sign in reason for sign in _PASSING)
                if not passes or time.monotonic() > deadline:
                    raise EmbeddedUnavailable(
                        f"the embedded PostgreSQL does not start: {reason}"
                        f" (its log: {self.folder / 'log'})"
                    ) from None
                # What a killed server held is given up when its children have ended.
                time.sleep(0.5)

    def _start_arguments(self) -> tuple[str, ...]:
        # pg_ctl hands these to a shell; the server reads a list of folders, in which
        # quotation marks keep a comma from dividing one.
        where = str(self._socket_folder()).replace('"', '""')
        options = (
            "-c",
            "listen_addresses=",
            "-c",
            f'unix_socket_directories="{where}"',
            "-c",
            "unix_socket_permissions=0700",
            "-p",
            PORT,
        )
        log = str(self.folder / "log")
        wait = ("-w", "-t", str(int(START_SECONDS)))
        data = ("-D", str(self.folder), "-l", log)
        return (*wait, *data, "-o", shlex.join(options), "start")

    def _socket_folder(self) -> Path:
        """Return where the socket is: in the folder, if its path is fit for one."""
        path = str(self.folder)
        # libpq would take a comma for the end of a host.
        if len(os.fsencode(path)) + 16 <= LONGEST_SOCKET and "," not in path:
            return self.folder
        mark = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
        return self._private(Path(tempfile.gettempdir()) / f"redress-{mark}")

    def _private(self, folder: Path) -> Path:
        """Make a folder that nobody else can enter. Raises EmbeddedUnavailable."""
        user, group = self._of_folder().account or (os.geteuid(), os.getegid())
        folder.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0 and folder.lstat().st_uid == 0:
            os.chown(folder, user, group)
        status = folder.lstat()
        if status.st_uid != user or status.st_mode & 0o077 or folder.is_symlink():
            raise EmbeddedUnavailable(f"{folder} belongs to somebody else")
        return folder

    def _answering(self) -> str:
        """Return the URL once the server answers; it may still be recovering."""
        url = make_conninfo(
            host=str(self._socket_folder()),
            port=PORT,
            user="postgres",
            dbname="postgres",
        )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                open_session(url, wait_seconds=5).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise EmbeddedUnavailable(
                        f"the embedded PostgreSQL does not answer: {error}"
                    ) from error
                time.sleep(0.2)
                # It was killed just now, and its process had not gone yet.
                with self._users.alone():
                    self._start()
            else:
                return url

    def _log_size(self) -> int:
        log = self.folder / "log"
        return log.stat().st_size if log.exists() else 0

    def _last_words(self, since: int) -> str:
        """Return the reason that the server itself wrote since then, "" if none."""
        log = self.folder / "log"
        if not log.exists():
            return ""
        said = log.read_bytes()[since:].decode(errors="replace")
        lines = [line for line in said.splitlines() if "FATAL:" in line]
        return lines[-1].partition("FATAL:")[2].strip() if lines else ""
