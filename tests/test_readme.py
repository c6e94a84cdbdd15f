"""The README tells the truth: its transcript runs, and prints what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import Process, free_port, wait_until_ready

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


DATE = re.compile(
    r"the end of \d{1,2} [A-Z][a-z]+(?: \d{4})?"
    r"|\d{1,2} [A-Z][a-z]+(?: \d{4})?, \d\d:\d\d"
)
"""A time as people read it: another one whenever the transcript runs."""


def undated(text: str) -> str:
    """Return a text without the times in its sentences."""
    return DATE.sub("DATE", text)


def block(language: str, after: str) -> str:
    """Return the first code block of a language after some words."""
    beyond = README[README.index(after) :]
    found = re.search(rf"```{language}\n(.*?)```", beyond, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.kill
def test_the_transcript_prints_what_it_says(tmp_path: Path, url: str) -> None:
    port = free_port()
    environ = {
        "DATABASE_URL": url,
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_PORT": str(port),
    }
    server = Process(environ, "serve", "--with-worker")
    wait_until_ready(f"http://127.0.0.1:{port}")
    script = block("sh", "<!-- transcript -->")
    script = script.replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    script = script.replace(".venv/bin/redress", f"{sys.executable} -m interface")
    (tmp_path / "transcript.sh").write_text(script)
    for name in ("there", "tmp"):
        (tmp_path / name).mkdir()
    told = subprocess.run(
        ["bash", str(tmp_path / "transcript.sh")],
        cwd=tmp_path / "there",
        env=os.environ
        | environ
        | {
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "TMPDIR": str(tmp_path / "tmp"),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    server.stop()
    assert told.stderr == ""
    assert [*(tmp_path / "there").iterdir(), *(tmp_path / "tmp").iterdir()] == []
    printed = block("text", "It prints:")
    assert undated(told.stdout).splitlines() == undated(printed).splitlines()
    assert len(DATE.findall(printed)) == len(DATE.findall(told.stdout)) >= 5
