"""Starting: what is wrong is one line that names the setting."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def redress(
    home: Path, url: str, *arguments: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    base = {"REDRESS_HOME": str(home), "DATABASE_URL": url, "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-m", "interface", *arguments],
        env=os.environ | base | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a command ends with."""
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("redress: ")
    return line


def test_a_file_where_evidence_should_go_is_named(tmp_path: Path, url: str) -> None:
    (tmp_path / "evidence").write_text("not a folder")
    line = said(redress(tmp_path, url, "serve"))
    assert "REDRESS_EVIDENCE" in line
    assert str(tmp_path / "evidence") in line
    doctor = redress(tmp_path, url, "doctor")
    assert doctor.returncode == 1
    assert "BAD" in doctor.stdout
    assert "REDRESS_EVIDENCE" in doctor.stdout
