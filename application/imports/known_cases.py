"""What the record has of the cases of a batch, read at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from application.cases.case import Case, case_of
from application.cases.disputes import Disputes
from application.imports.case_batch import Standing
from application.record.database import Database

_EVENTS = """
SELECT originator_id, originator_version, topic, state FROM events
WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version
"""


def known_cases(disputes: Disputes, ids: Collection[UUID]) -> Mapping[UUID, Standing]:
    """Return those of the cases that the record has, with their texts in clear.

    Raises UnreadableCase.
    """
    return {
        case.case: Standing(
            list(disputes.record.opened(case.events)),
            case.dispute,
            case.head,
            is_new=False,
        )
        for case in _cases(disputes.database, ids)
    }


def _cases(database: Database, ids: Collection[UUID]) -> Iterator[Case]:
    with database.get_connection() as connection:
        rows = connection.execute(_EVENTS, (list(ids),)).fetchall()
    stored = [
        StoredEvent(
            row["originator_id"],
            row["originator_version"],
            row["topic"],
            bytes(row["state"]),
        )
        for row in rows
    ]
    for case, events in groupby(stored, key=lambda one: one.originator_id):
        yield case_of(case, list(events))
