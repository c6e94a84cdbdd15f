"""The access matrix: who may ask what, as `docs/access.md` says, asked over HTTP.

`ACCESS=write pytest tests/http/test_access.py` writes the document anew; what differs
then is what somebody has to agree with.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from domain.roles import Role
from interface.bootstrap import System, wire
from interface.run.worker import Worker
from interface.settings import settings
from tests.conftest import Clock
from tests.http.access_matrix import COLUMNS, METHODS, Asker, Cell
from tests.http.case_story import PNG, CaseStory
from tests.http.conftest import People
from tests.http_app import serving

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
BEGINS = "<!-- written by tests/http/test_access.py -->\n"

pytestmark = pytest.mark.long


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    environ = {
        "REDRESS_HOME": str(tmp_path),
        "DATABASE_URL": url,
        "REDRESS_CASES_PER_DAY": "1000000",
    }
    one = wire(settings.read(environ), url, url, clock)
    yield one
    one.close()


@pytest.fixture
def cells(system: System, clock: Clock) -> list[Cell]:
    worker = Worker(system)
    with serving(system) as http, closing(worker):
        people = People(http, system)
        story = CaseStory(people, worker, clock).ruled()
        answer = attach(people, story.id)
        assert answer.status_code == 201, answer.text
        worker.catch_up()
        asker = Asker(http, system, people, story.id)
        asked: list[Cell] = []
        for path in asker.paths:
            if path.startswith("/v1/erasures"):
                # It is only answered once the views know all cases.
                worker.catch_up()
            for method in METHODS:
                asked += asker.row(path, method)
    return asked


def attach(people: People, case: str) -> Any:
    http: TestClient[Any] = people.buyer.http
    return http.post(
        f"/v1/disputes/{case}/messages/files",
        files={"file": ("slip.png", PNG, "image/png")},
        data={"text": "Here is the slip."},
        headers=people.buyer.headers | {"Idempotency-Key": "1", "If-Match": "*"},
    )


def test_who_may_ask_what_is_as_documented(cells: list[Cell]) -> None:
    assert len(cells) > 4_000
    faults = [one for one in cells if one.status >= 500]
    assert not faults, faults
    strangers = [one for one in cells if one.column.role is None]
    closed = [one for one in strangers if not one.is_public]
    open_doors = [one for one in closed if one.status not in {401, 405}]
    assert not open_doors, [(one.method, one.path, one.status) for one in open_doors]
    assert all(one.status != 401 for one in strangers if one.is_public)
    elsewhere = [
        one
        for one in cells
        if one.column.relation in {"elsewhere", "another"}
        and "{dispute_id}" in one.path
        and one.said == "✓"
    ]
    assert not elsewhere, {
        (o.path, o.method, o.column.name, o.status) for o in elsewhere
    }
    assert not unasked(cells), unasked(cells)
    written = document(cells)
    if os.environ.get("ACCESS") == "write":
        head, _, _ = PAGE.read_text("utf-8").partition(BEGINS)
        PAGE.write_text(head + BEGINS + written, "utf-8")
    _, _, said = PAGE.read_text("utf-8").partition(BEGINS)
    assert said == written


def unasked(cells: list[Cell]) -> set[str]:
    """Return the paths with an id that exist for nobody: there was no such thing."""
    rows: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in cells:
        if "_id}" in one.path and one.status != 405 and one.column.role:
            rows[one.path, one.method].add(one.said)
    found = {f"{method} {path}" for (path, method), s in rows.items() if "✓" not in s}
    # Of a case that was only just filed the seller knows nothing.
    return found - {"POST /v1/disputes/{dispute_id}/seller-response"}


def document(cells: list[Cell]) -> str:
    """Return the matrix in Markdown: a row for each path and method that there is."""
    rows: defaultdict[tuple[str, str], list[Cell]] = defaultdict(list)
    for one in cells:
        rows[one.path, one.method].append(one)
    lines = [f"{len(cells):,} cells were asked.\n"]
    for role in (None, *(one for one in Role if one is not Role.CLOCK)):
        columns = [one for one in COLUMNS if one.role is role]
        lines.append(f"\n## {str(role or 'nobody').capitalize()}\n\n")
        relations = " | ".join(one.relation for one in columns)
        lines.append(f"| request | {relations} |\n|---|{'---|' * len(columns)}\n")
        for (path, method), row in rows.items():
            if all(one.status in {401, 405} for one in row if one.column.role):
                continue
            said = " | ".join(one.said for one in row if one.column.role is role)
            lines.append(f"| `{method} {path}` | {said} |\n")
    return "".join(lines)
