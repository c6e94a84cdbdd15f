"""Events that leave have no personal text, and nobody's own identifier."""

from __future__ import annotations

from pathlib import Path
from typing import get_args
from uuid import UUID

import msgspec
import pytest

from application.exports.impersonal_events import EVENT_TWINS, decode_impersonal
from application.exports.pseudonyms import Pseudonyms, read_key, read_or_make_key
from application.operator_error import OperatorError
from application.record.envelope import Recorded, decode, encode
from domain.case.events import DisputeEvent
from domain.field_marks import holds_marked
from domain.identifiers import Identifying, map_identifiers
from domain.personal import PersonalData, holds_personal, map_personal
from domain.roles import CLOCK

GOLDEN = sorted((Path(__file__).parents[1] / "store" / "golden").glob("*.json"))
TEXT, PERSON = "TEXT-c4nary", "PERSON-c4nary"
KINDS = get_args(DisputeEvent)


def planted(path: Path) -> Recorded:
    """Return a golden event with canaries in every text and every identifier."""
    recorded = decode(path.read_bytes())
    event = map_personal(recorded.event, lambda *_: TEXT)
    event = map_identifiers(event, lambda _: PERSON)
    actor = map_identifiers(recorded.actor, lambda _: PERSON)
    return msgspec.structs.replace(recorded, event=event, actor=actor)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_no_text_and_no_identifier_leaves(path: Path) -> None:
    recorded = planted(path)
    left = decode_impersonal(encode(recorded), Pseudonyms(b"k" * 32).of)
    written = msgspec.json.encode((left.actor, left.event)).decode()
    assert TEXT not in written
    assert PERSON not in written
    if PERSON in encode(recorded).decode():
        assert Pseudonyms(b"k" * 32).of(PERSON) in written


def test_golden_events_hold_a_canary_in_every_kind_that_can() -> None:
    texts, people = set(), set()
    for path in GOLDEN:
        recorded = planted(path)
        content = msgspec.json.encode(recorded.event).decode()
        if TEXT in content:
            texts.add(type(recorded.event))
        if PERSON in content:
            people.add(type(recorded.event))
    assert texts == {kind for kind in KINDS if holds_personal(kind)}
    assert people == {kind for kind in KINDS if holds_marked(kind, Identifying)}


def test_what_is_neither_stays_as_it_is() -> None:
    """A twin has every other field, under its name and with its value."""
    for path in GOLDEN:
        recorded = decode(path.read_bytes())
        left = decode_impersonal(encode(recorded), lambda one: one)
        whole = msgspec.to_builtins(recorded.event)
        for name, value in msgspec.to_builtins(left.event).items():
            if not isinstance(value, dict | list | tuple):
                assert whole[name] == value
        assert (left.case, left.version, left.at) == (
            recorded.case,
            recorded.version,
            recorded.at,
        )


def test_every_event_has_a_twin() -> None:
    assert EVENT_TWINS.keys() == {kind.__struct_config__.tag for kind in KINDS}
    for twin in EVENT_TWINS.values():
        assert not holds_marked(twin, PersonalData)


def test_a_pseudonym_is_the_same_under_one_key_and_another_under_the_next() -> None:
    one, again, other = (Pseudonyms(key * 32) for key in (b"a", b"a", b"b"))
    assert one.of("b-1") == one.of("b-1") == again.of("b-1")
    assert len({one.of("b-1"), one.of("b-2"), other.of("b-1")}) == 3
    assert "b-1" not in one.of("b-1")
    assert one.fingerprint == again.fingerprint != other.fingerprint


def test_the_clock_is_nobody() -> None:
    assert Pseudonyms(b"a" * 32).of(str(CLOCK.id)) == CLOCK.id


def test_a_key_is_made_once_and_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "lakes" / "one.key"
    key = read_or_make_key(path)
    assert read_or_make_key(path) == key == read_key(path)
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("content", ["", "zz", "00" * 31, "00" * 33, "ключ"])
def test_a_file_that_is_no_key_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "one.key"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(OperatorError, match=r"one\.key: is no key of pseudonyms"):
        read_or_make_key(path)


def test_a_case_is_no_identifier() -> None:
    """Cases and leaves tie a copy to the log; people are who is not to be found."""
    recorded = decode(GOLDEN[0].read_bytes())
    left = decode_impersonal(encode(recorded), lambda _: "x")
    assert isinstance(left.case, UUID)
