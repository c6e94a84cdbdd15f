"""Imported cases as they are shown: no time more exact than the source tells it."""

from __future__ import annotations

from pathlib import Path

from application.imports.importer import Importer
from application.imports.mapping_validation import load
from domain.identity import imported_key
from interface.bootstrap import System
from tests.http.conftest import People, file_for
from tests.imports.conftest import GOOD, HEADER, MAPPING
from tests.samples import BOOKS

ANSWERED = """
[[facts]]
type = "seller-responded"
actor = "seller"
at = { column = "opened", format = "%Y-%m-%d %H:%M:%S", not_before = true }
[facts.fields]
position = { value = "unspecified" }

[[facts]]
type = "closed"
actor = "platform"
at = { column = "opened", format = "%Y-%m-%d %H:%M:%S", not_before = true }
"""


def test_times_that_the_source_does_not_tell_are_marked(
    people: People, system: System, tmp_path: Path
) -> None:
    begin, _, end = MAPPING.partition('[[facts]]\ntype = "closed"')
    fields = end[end.index("[facts.fields]") :]
    text = begin + ANSWERED.lstrip() + fields
    path = tmp_path / "file.csv"
    path.write_text(HEADER + GOOD)
    importer = Importer(system.disputes, load(text, BOOKS.codes), text, [path])
    importer.run(tmp_path / "rejects.csv", lambda _: None)
    regulator = people.named("regulator", "r-1", platform=None)
    case = regulator.get(f"/v1/disputes/{imported_key('desk', '1')}").json()
    assert case["opened_precision"] == "second"
    assert case["closed_precision"] == "not-before"
    assert case["response"]["precision"] == "not-before"
    own = people.buyer.get(f"/v1/disputes/{file_for(people)}").json()
    assert own["opened_precision"] is None
