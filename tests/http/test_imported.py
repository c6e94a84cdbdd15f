"""Imported cases as they are shown, and the list of imports."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from application.imports.importer import Importer
from application.imports.mapping_validation import load
from domain.identity import imported_key
from interface.bootstrap import System
from interface.run.worker import Worker
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


def test_imports_are_listed_with_their_files_and_positions(
    people: People, system: System, background: Worker, tmp_path: Path
) -> None:
    for name, content in (("one.csv", HEADER + GOOD), ("two.csv", HEADER + "2,x\n")):
        path = tmp_path / name
        path.write_text(content)
        mapping = load(MAPPING, BOOKS.codes)
        importer = Importer(system.disputes, mapping, MAPPING, [path])
        importer.run(tmp_path / f"{name}.rejects", lambda _: None)
    background.catch_up()
    regulator = people.named("regulator", "r-1", platform=None)
    # Begun at one moment of the test's clock: their order says nothing.
    listed = regulator.get("/v1/imports").json()["items"]
    first, second = sorted(listed, key=lambda one: str(one["files"]))
    digest = sha256((HEADER + GOOD).encode()).hexdigest()
    assert first["files"] == [{"name": "one.csv", "sha256": digest}]
    assert first["mapping_sha256"] == sha256(MAPPING.encode()).hexdigest()
    names = ("system", "platform", "rows", "cases", "events", "rejected", "finished")
    assert [first[name] for name in names] == ["desk", "desk", 1, 1, 2, 0, True]
    assert (first["first_position"], first["last_position"]) == (1, 2)
    assert [second[name] for name in names] == ["desk", "desk", 1, 0, 0, 1, True]
    assert second["first_position"] is None
    case = system.disputes.find(imported_key("desk", "1"))
    runs = {str(one.imported.run) for one in case.events if one.imported}
    assert runs == {first["id"]}
    page = regulator.get("/v1/imports", limit=1).json()
    assert page["items"] == listed[:1]
    rest = regulator.get("/v1/imports", limit=1, cursor=page["next"]).json()
    assert rest["items"] == listed[1:]
    # Of another platform than the supervisor's.
    assert people.supervisor.get("/v1/imports").json()["items"] == []
    assert people.buyer.get("/v1/imports").status_code == 403
