"""The storage format: what was once written is read for ever, byte for byte.

A file in `golden/` is never edited. A new event, or a new field of an old one, adds a
file: <topic>-<n>.json.
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import get_args

import pytest

from application.privacy.sealed_texts import is_sealed
from application.record.envelope import Recorded, decode, encode, topic
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.personal import holds_personal, map_personal

GOLDEN = Path(__file__).parent / "golden"
KINDS = get_args(DisputeEvent)

pytestmark = pytest.mark.store


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_is_a_frozen_named_keyword_only_record(kind: type[Event]) -> None:
    config = kind.__struct_config__
    assert config.frozen
    assert config.tag_field == "type"
    assert str(config.tag) == str(config.tag).lower()
    parameters = inspect.signature(kind).parameters.values()
    assert {one.kind.name for one in parameters} == {"KEYWORD_ONLY"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_event_has_a_golden_file(kind: type[Event]) -> None:
    assert list(GOLDEN.glob(f"{kind.__struct_config__.tag}-*.json"))


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda p: p.stem)
def test_what_was_written_is_read_and_written_the_same(path: Path) -> None:
    state = path.read_bytes().removesuffix(b"\n")
    recorded = decode(state)
    assert path.stem.rpartition("-")[0] == topic(recorded.event)
    assert encode(recorded) == state


@pytest.mark.parametrize("kind", KINDS)
def test_the_golden_files_of_an_event_hold_every_field(kind: type[Event]) -> None:
    tag = kind.__struct_config__.tag
    events = [decode(path.read_bytes()) for path in GOLDEN.glob(f"{tag}-[0-9].json")]
    empty = {
        name
        for name in kind.__struct_fields__
        if all(getattr(recorded.event, name) in {None, (), ""} for recorded in events)
    }
    assert empty == set()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if holds_personal(kind)])
def test_personal_texts_of_a_golden_file_are_sealed(kind: type[Event]) -> None:
    paths = GOLDEN.glob(f"{kind.__struct_config__.tag}-[0-9].json")
    texts: list[str] = []

    def note(_: str, text: str) -> str:
        texts.append(text)
        return text

    for path in paths:
        recorded: Recorded = decode(path.read_bytes())
        map_personal(recorded.event, note)
    assert texts
    assert all(map(is_sealed, texts))
