"""A record of the log is one line of text, of every process in one form."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from interface.request_id import REQUEST_ID
from interface.run.log_lines import (
    FORMAT,
    JsonFormatter,
    OneLineFormatter,
    one_line,
)
from tests.installation import installed

__all__ = ["installed"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain 纠纷 é", "plain 纠纷 é"),
        ("a\nERROR b\r", r"a\x0aERROR b\x0d"),
        ("\x1b[31m\x00\x7f\x85", r"\x1b[31m\x00\x7f\x85"),
        ("\u202etxt\u2028\ud800", r"\u202etxt\u2028\ud800"),
        ("\U000e0001", r"\U000e0001"),
    ],
)
def test_a_line_of_the_log_is_one_line_of_text(text: str, line: str) -> None:
    assert one_line(text) == line
    assert one_line(text).isprintable()


def test_a_line_says_when_in_utc_and_which_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    record = logging.LogRecord("a.b", logging.WARNING, "", 1, "said", (), None)
    record.created, record.msecs = 1_780_000_000.25, 250.0
    line = OneLineFormatter(FORMAT).format(record)
    monkeypatch.undo()
    time.tzset()
    assert line == f"2026-05-28T20:26:40.250Z WARNING {os.getpid()} a.b: said"


def test_a_line_about_a_request_names_it() -> None:
    record = logging.LogRecord("a.b", logging.WARNING, "", 1, "said", (), None)
    token = REQUEST_ID.set("r-7")
    try:
        assert "r-7" in OneLineFormatter(FORMAT).format(record)
    finally:
        REQUEST_ID.reset(token)
    assert "r-7" not in OneLineFormatter(FORMAT).format(record)


def test_every_process_writes_its_lines_in_one_form() -> None:
    rooms = (Path("interface"), Path("application"), Path("projections"))
    files = [file for room in rooms for file in room.rglob("*.py")]
    configured = [f.name for f in files if "basicConfig" in f.read_text("utf-8")]
    assert configured == ["log_lines.py"]


def failed() -> logging.LogRecord:
    error = (ValueError, ValueError("a\nb"), None)
    record = logging.LogRecord("a.b", logging.ERROR, "", 1, "纠\n%s", ("x",), error)
    record.created, record.msecs = 1_780_000_000.25, 250.0
    return record


def test_a_line_of_json_has_the_same_in_fields() -> None:
    line = JsonFormatter().format(failed())
    assert line.isascii()
    assert line.isprintable()
    found = json.loads(line)
    assert found.pop("error").endswith("ValueError: a\nb")
    assert found == {
        "time": "2026-05-28T20:26:40.250Z",
        "level": "ERROR",
        "process": os.getpid(),
        "thread": "MainThread",
        "logger": "a.b",
        "message": "纠\nx",
    }


def test_a_line_names_the_request_that_it_is_about() -> None:
    token = REQUEST_ID.set("req-7")
    try:
        assert OneLineFormatter(FORMAT).format(failed()).endswith(" request=req-7")
        assert json.loads(JsonFormatter().format(failed()))["request"] == "req-7"
    finally:
        REQUEST_ID.reset(token)
    assert "req-7" not in OneLineFormatter(FORMAT).format(failed())


def test_a_process_writes_json_on_request(url: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "interface", "--verbose", "report", "all"],
        env=os.environ
        | {
            "DATABASE_URL": url,
            "REDRESS_HOME": str(tmp_path),
            "REDRESS_LOG_FORMAT": "json",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    (settings,) = [one for one in lines if one["message"].startswith("settings: ")]
    assert settings["level"] == "INFO"
    assert "REDRESS_LOG_FORMAT=json" in settings["message"]
