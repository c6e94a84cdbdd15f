"""The limits that `docs/security.md` names are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from application.bundle.archive import MAX_BYTES, MAX_MEMBERS
from application.record import patience
from interface.api import (
    problems,
    read_your_writes,
    recorded_reads,
    request_limits,
    uploads,
)
from interface.api.bulkheads import BOUNDS
from interface.settings import settings

PAGE = (Path(__file__).parents[2] / "docs" / "security.md").read_text("utf-8")
ROWS = {
    cells[0].strip(): cells[1:]
    for cells in (
        line.strip("| \n").split("|") for line in PAGE.splitlines() if line[:1] == "|"
    )
    if len(cells) > 1
}
USUAL = settings.read({})


def numbers(text: str) -> set[int]:
    return {int(one.replace(",", "")) for one in re.findall(r"\d[\d,]*", text)}


@pytest.mark.parametrize(
    ("row", "limits"),
    [
        ("headers", {request_limits.HEADER_BYTES, request_limits.MOST_HEADERS}),
        ("query", {request_limits.QUERY_BYTES, request_limits.PARAMETERS}),
        ("body", {USUAL.limits.body}),
        ("body where none belongs", {request_limits.NEEDLESS_BODY_BYTES}),
        (
            "time for a body",
            {USUAL.limits.body_seconds, int(request_limits.IDLE_SECONDS)},
        ),
        ("problems listed in an answer", {problems.MOST_FAULTS}),
        ("time to take an answer", {int(request_limits.IDLE_SECONDS)}),
        ("upload", {USUAL.upload_limit}),
        (
            "parts of an upload, and bytes of a text in it",
            {uploads.MAX_PARTS, uploads.MAX_FIELD_BYTES},
        ),
        (
            "time for an upload",
            {USUAL.limits.upload_seconds, int(request_limits.IDLE_SECONDS)},
        ),
        ("text of one field", {uploads.MAX_TEXT}),
        ("files of a case", {USUAL.limits.files}),
        ("messages of a case", {USUAL.limits.messages}),
        ("events to which parties may add", {USUAL.limits.events}),
        ("cases for one buyer in a day (UTC)", {USUAL.limits.cases_a_day}),
        ("bundle", {MAX_BYTES, MAX_MEMBERS}),
        (
            "path and query in an entry of the access log",
            {recorded_reads.MOST_PATH},
        ),
    ],
)
def test_a_limit_is_the_one_of_the_code(row: str, limits: set[int]) -> None:
    assert numbers(ROWS[row][0]) == limits


def test_the_bulkheads_are_those_of_the_code() -> None:
    named = {
        row.split("`")[1]: [int(re.sub(r"\D", "", one)) for one in cells]
        for row, cells in ROWS.items()
        if row.startswith("`") and row.split("`")[1] in {*BOUNDS}
    }
    assert named == {
        kind: [one.threads, one.requests, one.by_caller, int(one.seconds)]
        for kind, one in BOUNDS.items()
    }


def test_the_seconds_in_the_text_are_those_of_the_code() -> None:
    for seconds in (
        patience.LOCK_SECONDS,
        patience.OF_JOBS.lock,
        patience.OF_JOBS.statement,
        read_your_writes.PATIENCE_SECONDS,
    ):
        assert f"{seconds:.0f} s" in PAGE
