"""Which files a new command with its event takes: those of the commit that adds one."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.architecture.source_tree import LAYERS, ROOT

SUBJECT = "Add AddNote"
"""How the subject of the commit begins that added a command only to count files."""


def revisions(root: Path = ROOT) -> str | None:
    """Return the range of the last commit that adds AddNote, if there is one."""
    subject = f"^{SUBJECT}"
    found = _git(root, "log", "-1", "--format=%H", f"--grep={subject}").strip()
    return f"{found}~1..{found}" if found else None


def files_changed(between: str, root: Path = ROOT) -> tuple[list[str], list[str]]:
    """Return the files that a range changes: the product's, and all others."""
    names = _git(root, "diff", "--name-only", between).splitlines()
    product = [name for name in names if re.match(rf"({'|'.join(LAYERS)})/", name)]
    return product, [name for name in names if name not in product]


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""
