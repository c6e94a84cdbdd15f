"""Every kind of event can be read back from a lake, without its texts."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from application.exports.impersonal_events import decode_impersonal
from application.exports.pseudonyms import Pseudonyms
from application.record.envelope import decode, encode, topic
from projections.following.ledger_batch import Stored
from projections.lake.arrow_rows import event_table
from projections.lake.event_rows import event_rows
from projections.lake.read_events import read_event
from tests.exports.test_impersonal_events import GOLDEN


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_an_event_is_read_back_as_it_was_without_texts(path: Path) -> None:
    state = path.read_bytes()
    recorded = decode(state)
    people = Pseudonyms(b"k" * 32)
    stored = Stored(
        position=1,
        case=recorded.case,
        version=recorded.version,
        topic=topic(recorded.event),
        state=state,
    )
    (row,) = event_table(list(event_rows([stored], people))).to_pylist()
    read = decode_impersonal(encode(read_event(row)), str)
    whole = decode_impersonal(state, people.of)
    assert read.event == whole.event
    assert (read.at, read.version, read.policy) == (
        whole.at,
        whole.version,
        whole.policy,
    )
    assert read.actor.role == whole.actor.role
    assert (read.imported is None) == (whole.imported is None)
    if read.imported and whole.imported:
        kept = {name: getattr(whole.imported, name) for name in ("system", "zone")}
        assert structs.asdict(read.imported) | kept == structs.asdict(read.imported)
