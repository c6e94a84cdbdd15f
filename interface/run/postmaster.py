"""Which PostgreSQL runs in a data folder, and what a killed one has left there."""

from __future__ import annotations

import time
from pathlib import Path

CHILDREN_SECONDS = 60.0
"""How long the children of a killed server may take to end, in seconds."""


def running_pid(folder: Path) -> int | None:
    """Return the process id of the server that runs in a folder, None if none does.

    The number in its file is not enough: after a kill another process may have it.
    """
    stated = _stated(folder / "postmaster.pid")
    return stated if stated in _processes(folder) else None


def remove_leftovers(folder: Path) -> None:
    """Remove what a killed server left behind, so that another one can start.

    Does nothing while a server runs.
    """
    if running_pid(folder) is not None:
        return
    left = [folder / "postmaster.pid", *folder.glob(".s.PGSQL.*.lock")]
    if not any(path.exists() for path in left):
        return
    # A server's file goes only after its children have ended by themselves: two
    # servers on the same data would destroy it.
    deadline = time.monotonic() + CHILDREN_SECONDS
    while _processes(folder) and time.monotonic() < deadline:
        if running_pid(folder) is not None:
            # It was only just starting, and had not written its number yet.
            return
        time.sleep(0.1)
    for path in left:
        path.unlink(missing_ok=True)


def _stated(path: Path) -> int | None:
    """Return the process id in a server's file; None if there is none in it."""
    try:
        first = path.read_text(errors="replace").split("\n", 1)[0].strip()
    except FileNotFoundError:
        return None
    return int(first) if first.isascii() and first.isdigit() else None


def _processes(folder: Path) -> set[int]:
    """Return the PostgreSQL processes that work in a data folder."""
    import psutil

    found = set()
    for process in psutil.process_iter(["pid", "name", "cwd", "status"]):
        seen = process.info
        # A server's working folder is its data folder. A killed server that nobody
        # reaps still has its number.
        if (
            seen["name"] == "postgres"
            and seen["cwd"] == str(folder)
            and seen["status"] != psutil.STATUS_ZOMBIE
        ):
            found.add(int(seen["pid"]))
    return found
