"""Commands that read, in a folder without an installation: one line, nothing made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

READING = (
    ["deliveries"],
    ["deliveries", "--again"],
    ["api-key", "list"],
    ["api-key", "revoke", "rk_0123456789abcdef"],
)


def ended(folder: Path, *arguments: str, **environ: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "interface", *arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            **environ,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_nothing_is_made_and_one_line_says_so(
    tmp_path: Path, arguments: list[str]
) -> None:
    status, out, said = ended(tmp_path, *arguments)
    assert status != 0
    assert "there is no installation in .redress" in out + said
    assert "Traceback" not in said
    assert len([one for one in said.splitlines() if "settings:" not in one]) <= 1
    assert list(tmp_path.iterdir()) == []
