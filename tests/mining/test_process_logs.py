"""The logs have every event, case and object of the record, and read elsewhere."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain.evidence.events import EvidenceAssessed
from projections.mining.attributes import instant
from projections.mining.ocel_file import EPOCH
from tests.docs.markdown import ROOT
from tests.lake.test_lake_commands import redress
from tests.lake.written_record import WrittenRecord
from tests.mining.written_logs import WrittenLogs

READER = ROOT / ".mining" / "bin" / "python"
needs_reader = pytest.mark.skipif(
    not READER.exists(), reason="no reader of event logs: make mining"
)


@needs_reader
def test_a_reader_of_those_formats_finds_what_is_in_the_record(
    logs: WrittenLogs,
) -> None:
    files = [str(logs.folder / name) for name in ("log.json", "log.sqlite", "log.xes")]
    done = subprocess.run(
        [READER, "-W", "ignore", Path(__file__).with_name("log_reader.py"), *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    as_json, as_sqlite, traces = (found[one] for one in files)
    for one in (as_json, as_sqlite, traces):
        assert one["events"] == len(logs.events) > 1_000
        assert one["types"] == logs.types
    assert as_json["objects"] == as_sqlite["objects"] == logs.objects
    assert as_json == as_sqlite
    assert as_json["wrong"] == []
    assert as_json["pairs"] > 2 * len(logs.events)
    assert as_json["between"] > logs.objects["case"]
    assert traces["cases"] == logs.objects["case"]


def test_an_object_changes_when_the_record_says_so(logs: WrittenLogs) -> None:
    with closing(sqlite3.connect(logs.folder / "log.sqlite")) as file:
        weighed = file.execute(
            "SELECT ocel_time, admitted FROM object_Evidence"
            " WHERE ocel_changed_field = 'admitted'"
        ).fetchall()
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []
    assert sorted(weighed) == sorted(
        (instant(one.at), one.event.admitted)
        for one in logs.events
        if isinstance(one.event, EvidenceAssessed)
    )
    # In JSON the same object has both: what it is, and since when it was admitted.
    whole = json.loads((logs.folder / "log.json").read_bytes())
    (found,) = [
        {(value["name"], value["time"]) for value in one["attributes"]}
        for one in whole["objects"]
        if one["id"] == _first_weighed(logs)
    ]
    assert ("kind", EPOCH) in found
    assert {name for name, time in found if time != EPOCH} >= {"admitted", "legal"}


def _first_weighed(logs: WrittenLogs) -> str:
    for one in logs.events:
        if isinstance(one.event, EvidenceAssessed):
            return f"evidence:{one.case}/{one.event.number}"
    raise AssertionError


def test_a_file_is_replaced_only_when_that_is_asked_for(
    written: WrittenRecord, logs: WrittenLogs
) -> None:
    home, url = written.system.settings.home, written.system.url
    before = (logs.folder / "log.xes").read_bytes()
    export = ("export", "xes", str(logs.folder / "log.xes"))
    refused = redress(*export, home=home, url=url)
    assert refused.returncode == 1
    assert "is there already; --force replaces it" in refused.stderr
    key = ("--pseudonyms", str(logs.folder / "key"))
    again = redress(*export, *key, "--force", home=home, url=url)
    assert again.returncode == 0, again.stderr
    assert (logs.folder / "log.xes").read_bytes() == before
    assert sorted(one.name for one in logs.folder.iterdir()) == [
        *("key", "log.json", "log.sqlite", "log.xes")
    ]
