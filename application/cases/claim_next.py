"""Takes the next case that nobody has; two people at the same time get two cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from application.cases.case import Case, CommandRequest
from application.cases.disputes import Disputes
from domain.mediators.commands import Assign
from domain.refusals import Conflicted, NotFound, NotNow, Stale

TRIES = 3
"""How often a case is read because others keep changing it while it is taken."""


def claim_next(
    disputes: Disputes,
    candidates: Iterable[UUID],
    command: Assign,
    request: Callable[[UUID, int], CommandRequest],
) -> Case | None:
    """Take the first candidate that nobody has, and return it; None if none is left.

    The candidates come from a read model, which may lag behind what others have taken.
    So each is read from the record, and taken at the version that was read.
    """
    for case in candidates:
        taken = _take(disputes, case, command, request)
        if taken is not None:
            return taken
    return None


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
