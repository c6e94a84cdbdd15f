"""Takes the next case that nobody has; two people at the same time get two cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from psycopg import Connection

from application.cases.case import Case, CommandRequest
from application.cases.disputes import Disputes
from application.jobs.locks import CLAIMING
from domain.mediators.commands import Assign
from domain.refusals import Conflicted, NotFound, NotNow, Stale

TRIES = 3
"""How often a case is read because others keep changing it while it is taken."""


def claim_next(
    disputes: Disputes,
    candidates: Iterable[UUID],
    command: Assign,
    request: Callable[[UUID, int], CommandRequest],
    held: Connection[Any],
) -> Case | None:
    """Take the first candidate that nobody has, and return it; None if none is left.

    The candidates come from a read model, which may lag behind what others have taken.
    So each is read from the record, and taken at the version that was read. In the
    transaction that goes on in `held`, nobody else tries to take the same one: many who
    claim at once take the first cases between them, each another one.
    """
    for case in candidates:
        if not _is_ours(held, case):
            continue
        taken = _take(disputes, case, command, request)
        if taken is not None:
            return taken
    return None


def _is_ours(held: Connection[Any], case: UUID) -> bool:
    """Tell whether nobody else is taking a case; until the transaction ends."""
    row = held.execute(
        "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s)) AS ours",
        (CLAIMING, str(case)),
    ).fetchone()
    return bool(row and row["ours"])


def one_claim_at_a_time(held: Connection[Any], person: str) -> None:
    """Let one claim of a person go on at a time, until the transaction ends."""
    held.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (CLAIMING, person))


def _take(
    disputes: Disputes,
    case: UUID,
    command: Assign,
    request: Callable[[UUID, int], CommandRequest],
) -> Case | None:
    for _ in range(TRIES):
        read = disputes.find(case)
        if read.dispute.assignee is not None:
            return None
        try:
            return disputes.handle(request(case, read.version), command)
        except Stale:
            # Somebody has acted on the case, perhaps without taking it: look again.
            continue
        except (NotNow, NotFound, Conflicted):
            # It cannot be taken any more, as a closed case, or not by this person; the
            # next one may be.
            return None
    return None
