"""A record of the log is one line of text, of every process in one form."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path

import pytest

from interface.request_id import REQUEST_ID
from interface.run.log_lines import FORMAT, OneLineFormatter, one_line
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
