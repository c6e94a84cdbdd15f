"""The request and the approval of an erasure, in a history of their own.

The table of erasures says how far each one is, and anybody who may write to it could
have put a row there. What cannot be taken back rests on these two events instead, and
on the application's statements, for which the database has no key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn
from uuid import UUID

import msgspec
from msgspec.structs import replace

from application.cases.disputes import Disputes
from application.operator_error import OperatorError
from application.privacy.erasure_requests import ErasureRequest
from application.record.envelope import Envelope, topic
from application.record.statements import ApplicationKey, is_stated
from domain.identity import erasure_key
from domain.names import same
from domain.privacy.erasure_events import ErasureApproved, ErasureRequested


class DecisionRecorded(Envelope, frozen=True, kw_only=True, omit_defaults=True):
    """A request or an approval in its envelope; `case` is the id of their history."""

    event: ErasureRequested | ErasureApproved


decode_decision = msgspec.json.Decoder(DecisionRecorded).decode


class NotRecorded(OperatorError):
    """An erasure's row says what the record does not say; nothing is destroyed."""


class Unrequested(NotRecorded):
    """The record has no request of an erasure: its row was put there some other way.

    Also one of an earlier version, which recorded none.
    """


def require_decisions(
    disputes: Disputes, erasure: ErasureRequest, *, is_over: bool = False
) -> None:
    """Raise NotRecorded unless two people have asked for an erasure as its row says.

    `is_over`: the record says that it is done, so that they have not asked for more.
    """
    states = decision_states(disputes, erasure.erasure_id)
    said = undecided(erasure, states, disputes.stating)
    if erasure.approved_by is None:
        said = "nobody has approved it"
    if is_over:
        # Who comes back after an erasure has new texts, of which nobody has decided.
        said = "its row says that it is not done, and the record that it is final"
    if said is not None:
        _refuse(erasure, said, is_there=bool(states))


def require_request(disputes: Disputes, erasure: ErasureRequest) -> bytes:
    """Return the bytes of an erasure's request, whether or not it is approved.

    Raises Unrequested without one, NotRecorded unless it is as the row says.
    """
    states = decision_states(disputes, erasure.erasure_id)[:1]
    asked = replace(erasure, approved_by=None, approved_at=None)
    if said := undecided(asked, states, disputes.stating):
        _refuse(erasure, said, is_there=bool(states))
    return states[0]


def _refuse(erasure: ErasureRequest, said: str, *, is_there: bool) -> NoReturn:
    raised = NotRecorded if is_there else Unrequested
    raise raised(f"erasure {erasure.erasure_id}: {said}; nothing was destroyed")


def decision_states(disputes: Disputes, erasure_id: UUID) -> Sequence[bytes]:
    """Return the bytes of an erasure's request and of its approval, what there is."""
    return [one.state for one in disputes.record.read(erasure_key(erasure_id))]


def undecided(
    row: ErasureRequest, states: Sequence[bytes], key: ApplicationKey | None
) -> str | None:
    """Say in what the record does not bear out a row; None if it does.

    `states`: the row's history. Without `key`, statements are not asked for.
    """
    said = _expected(row)
    if not states:
        return "the record has no request of it: have it requested and approved anew"
    if len(states) != len(said):
        return "the record has no approval of it, or one that its row does not tell"
    if row.approved_by is not None and same(row.requested_by, row.approved_by):
        return "one person has both requested and approved it"
    for version, (state, event) in enumerate(zip(states, said, strict=True), 1):
        if not _is(state, row, version, event):
            return f"its row is not as the record says: {topic(event)}"
        if key is not None and not is_stated(state, key):
            return f"its {topic(event)} is not signed by the application"
    return None


def _is(
    state: bytes,
    row: ErasureRequest,
    version: int,
    event: ErasureRequested | ErasureApproved,
) -> bool:
    """Tell whether bytes are the event, at its place in the row's own history."""
    try:
        one = decode_decision(state)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    place = erasure_key(row.erasure_id), version
    by = (row.requested_by, row.approved_by)[version - 1]
    return (one.case, one.version) == place and (one.actor.id, one.event) == (by, event)


def _expected(row: ErasureRequest) -> list[ErasureRequested | ErasureApproved]:
    return (
        [requested(row)] if row.approved_by is None else [requested(row), approved(row)]
    )


def requested(row: ErasureRequest) -> ErasureRequested:
    """Return the event of a row's request."""
    return ErasureRequested(
        erasure=row.erasure_id,
        platform=row.platform,
        party=row.party,
        subject=row.subject,
        basis=row.basis,
        requested_by=row.requested_by,
    )


def approved(row: ErasureRequest) -> ErasureApproved:
    """Return the event of a row's approval."""
    return ErasureApproved(erasure=row.erasure_id, approved_by=row.approved_by or "")
