"""What a bundle says of the calendar whose days were announced late."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

from msgspec.structs import replace

from interface.bootstrap import System, wire
from interface.verifier.redress_verify import Asked, check
from tests.bundle.bundle_archive import taken
from tests.bundle.made_bundle import make
from tests.domain.test_calendar_additions import FIRST, LIBRARY, SECOND


def with_versions(system: System, folder: Path, *versions: str) -> System:
    for number, text in enumerate(versions, 1):
        (folder / f"cn-{number}.toml").write_text(text, "utf-8")
    read = replace(system.settings, calendars=folder)
    return wire(read, system.url, system.url, system.clock)


def test_it_names_the_edition_that_counted_and_lists_what_was_added(
    system: System, case: UUID, asked: Asked, tmp_path: Path
) -> None:
    before = make(system, case)
    told = json.loads(taken(before.content)["rules/calendar.json"])
    assert "additions" not in told
    folder = tmp_path / "calendars"
    folder.mkdir()
    # Of a year in which nothing of the case ran.
    far = SECOND.replace("version = 2", "version = 3").replace("2026-03-0", "2031-03-0")
    later = with_versions(system, folder, FIRST, SECOND, far)
    made = make(later, case)
    later.close()
    told = json.loads(taken(made.content)["rules/calendar.json"])
    assert (told["named"], told["edition"]) == ([LIBRARY], f"{LIBRARY}+3")
    assert {"2026-03-03", "2026-03-04"} <= {*told["days_off"]}
    assert [(one["version"], one["announced"]) for one in told["additions"]] == [
        (1, "2026-03-01"),
        (2, "2026-03-02"),
    ]
    # What was decided is the same, and proved by the same events.
    assert check(made.content, asked).verdict == "valid"
    for name, content in taken(before.content).items():
        if name.startswith(("events/", "deadlines")):
            assert taken(made.content)[name] == content
