"""Holds an erasure's row against the record before anything is destroyed.

The row says which keys are destroyed, and anybody who may write to its table could have
put it there. What the two people did is in the record, and what came of it: an event in
every case.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from application.cases.disputes import Disputes
from application.privacy.erasure_decisions import NotRecorded
from application.privacy.erasure_requests import ErasureRequest
from application.privacy.key_names import KeyNames
from domain.privacy.events import SubjectErased


def recorded_keys(
    disputes: Disputes, names: KeyNames, erasure: ErasureRequest
) -> Sequence[UUID]:
    """Return the keys that a recorded erasure destroys.

    Raises NotRecorded unless every case's record tells of it, and the keys are the
    subject's own.
    """
    keys = erasure.key_ids or ()
    for case in erasure.case_ids or ():
        events = (one.event for one in disputes.find(case).events)
        if not any(_tells(event, erasure) for event in events):
            raise NotRecorded(
                f"erasure {erasure.erasure_id}: the record of case {case} does not tell"
                " of it; nothing was destroyed"
            )
    # Keys that sealed texts of no case have no event; they have to be the subject's.
    with disputes.keys.database.get_connection() as connection:
        row = connection.execute(
            "SELECT count(*) AS others FROM data_keys"
            " WHERE key_id = ANY(%s) AND subject <> ALL(%s)",
            (list(keys), list(names.own(erasure.whose))),
        ).fetchone()
    if row and row["others"]:
        raise NotRecorded(
            f"erasure {erasure.erasure_id}: it names {row['others']} keys of somebody"
            " else; nothing was destroyed"
        )
    return keys


def require_destroyed(
    disputes: Disputes, names: KeyNames, erasure: ErasureRequest
) -> None:
    """Raise NotRecorded unless the record tells of an erasure, and its keys are gone.

    For what an earlier version has done: it has no decisions in the record.
    """
    keys = recorded_keys(disputes, names, erasure)
    with disputes.keys.database.get_connection() as connection:
        gone = connection.execute(
            "SELECT count(*) AS keys FROM data_keys"
            " WHERE key_id = ANY(%s) AND wrapped IS NULL",
            (list(keys),),
        ).fetchone()
    if not (keys or erasure.case_ids) or not gone or gone["keys"] < len(set(keys)):
        raise NotRecorded(
            f"erasure {erasure.erasure_id}: its row says that it is done, and what it"
            " covers is not destroyed"
        )


def _tells(event: object, erasure: ErasureRequest) -> bool:
    return (
        isinstance(event, SubjectErased)
        and event.erasure == erasure.erasure_id
        and event.party == erasure.party
        and event.approver == erasure.approved_by
    )
