"""The logs have every event, case and object of the record, and read elsewhere."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from application.record.envelope import Recorded, decode, is_about_a_case, topic
from domain.appeal.events import AppealDecided
from domain.evidence.events import EvidenceSubmitted
from domain.filing.events import Filed
from domain.roles import STAFF
from domain.ruling.events import Ruled
from tests.docs.markdown import ROOT
from tests.lake.test_lake_commands import redress
from tests.lake.written_record import WrittenRecord

READER = ROOT / ".mining" / "bin" / "python"
needs_reader = pytest.mark.skipif(
    not READER.exists(), reason="no reader of event logs: make mining"
)


class Written(Struct):
    """The logs of a record, and its events."""

    folder: Path
    events: list[Recorded]

    @property
    def types(self) -> Counter[str]:
        return Counter(topic(one.event) for one in self.events)

    @property
    def objects(self) -> dict[str, int]:
        """Return how many objects of each type the events name."""
        filed = [one.event for one in self.events if isinstance(one.event, Filed)]
        staff = {one.actor.id for one in self.events if one.actor.role in STAFF}
        for one in self.events:
            for field in ("mediator", "taken_from", "decided_by", "approved_by"):
                staff.add(getattr(one.event, field, None))
        of_kind = [one.event for one in self.events]
        return {
            "case": len(filed),
            "order": len({one.order for one in filed} - {None}),
            "buyer": len({one.buyer for one in filed} - {None}),
            "seller": len({one.seller for one in filed} - {None}),
            "mediator": len(staff - {None}),
            "evidence": sum(isinstance(one, EvidenceSubmitted) for one in of_kind),
            "ruling": sum(isinstance(one, Ruled | AppealDecided) for one in of_kind),
        }


@pytest.fixture(scope="module")
def logs(
    written: WrittenRecord, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Written]:
    """Write the record in each format, as somebody does who calls the program."""
    folder = tmp_path_factory.mktemp("logs")
    home, url = written.system.settings.home, written.system.url
    key = folder / "key"
    for kind, name in (("ocel", "log.json"), ("ocel", "log.sqlite"), ("xes", "log.xes")):
        done = redress(
            *("export", kind, str(folder / name), "--pseudonyms", str(key)),
            home=home,
            url=url,
        )
        assert done.returncode == 0, done.stderr
    with written.session() as connection:
        rows = connection.execute("SELECT topic, state FROM events").fetchall()
    events = [decode(state) for name, state in rows if is_about_a_case(name)]
    yield Written(folder, events)


@needs_reader
def test_a_reader_of_those_formats_finds_what_is_in_the_record(logs: Written) -> None:
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
    assert as_json["relations"] > len(logs.events)
    assert as_json["between"] > 0
    assert as_json["changes"] > 0
    assert traces["cases"] == logs.objects["case"]
