"""The cases that are told: each with its events, without texts, under pseudonyms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from application.exports.impersonal_events import (
    Change,
    ImpersonalRecorded,
    decode_impersonal,
)
from application.exports.spill_folder import spill_folder
from application.operator_error import OperatorError
from application.record.event_place import event_place
from projections.rebuild.ledger_spill import BUCKETS, Range, histories, spill

SPILL = "redress-export-"
"""How folders of what is spilt begin, and of files that are not whole yet."""


class CaseUntold(OperatorError):
    """An event cannot be exported; the message says where it stands."""


class ToldCase(Struct, frozen=True):
    """A case as an export tells of it; its first event is its filing."""

    case: UUID
    events: tuple[ImpersonalRecorded, ...]


def told_cases(
    url: str, upto: int, pseudonym: Change, folder: Path | None = None
) -> Iterator[ToldCase]:
    """Yield the cases of a record up to a position, each with all of its events.

    `folder`: where the ledger is spilt, so that cases come one by one however many
    there are. Raises CaseUntold.
    """
    whole = Range(0, upto)
    with spill_folder(SPILL, folder) as spilt:
        spill(url, whole, range(BUCKETS), spilt)
        # In the order of the files, which is also that of the ids of cases.
        for bucket in range(BUCKETS):
            for some in histories(bucket, [whole], spilt):
                for case, events in some.items():
                    yield ToldCase(case, tuple(_told(case, events, pseudonym)))


def _told(
    case: UUID, events: Sequence[tuple[int, bytes]], pseudonym: Change
) -> Iterator[ImpersonalRecorded]:
    for version, (position, state) in enumerate(events, 1):
        try:
            yield decode_impersonal(state, pseudonym)
        except ValueError as error:
            place = event_place(position, case, version)
            raise CaseUntold(f"{place} cannot be exported: {error}") from error
