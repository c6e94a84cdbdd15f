"""The usual course of a case as steps: done, under way, skipped or still to come."""

from __future__ import annotations

from application.cases.case import Case
from domain.case.dispute import Dispute, Phase
from domain.case.evolve import evolve

STEPS = (
    (Phase.FILED,),
    (Phase.AWAITING_RESPONSE, Phase.UNANSWERED),
    (Phase.NEGOTIATING,),
    (Phase.EVIDENCE,),
    (Phase.RULING,),
    (Phase.PERFORMING, Phase.ENFORCING, Phase.APPEAL),
    (Phase.CLOSED,),
)
"""The usual course of a case; what belongs to a step stands in the same place."""


ADMITTED = {one for phases in STEPS[1:6] for one in phases} - {Phase.APPEAL}
"""The phases in which only a case is that was admitted."""


def steps_of(case: Case, *, answered: bool) -> list[tuple[Phase, str]]:
    """Return each step, as the phase that it was in, with its state.

    A case that was refused or settled has skipped steps: it was in none of their
    phases. One that was not admitted says so at the first one. A phase beside the
    course has no states. `answered`: the seller did.
    """
    phase, reached = case.dispute.phase, _reached(case)
    if reached & {Phase.UNANSWERED} and not answered:
        reached -= {Phase.AWAITING_RESPONSE}
    at = next((n for n, one in enumerate(STEPS) if phase in one), None)
    found: list[tuple[Phase, str]] = []
    for n, phases in enumerate(STEPS):
        was = next((one for one in phases if one in reached), None)
        if at is None or n > at:
            found.append((phases[0], ""))
        elif n == at:
            found.append((phase, "current"))
        else:
            found.append((was or phases[0], "done" if was else "skipped"))
    if at:
        found[0] = (Phase.FILED, _admission(case.dispute, reached))
    return found


def _admission(dispute: Dispute, reached: set[Phase]) -> str:
    """Return the state of the first step when the case is beyond it."""
    if reached & ADMITTED:
        return "done"
    return "refused" if dispute.refused else "skipped"


def _reached(case: Case) -> set[Phase]:
    """Return the phases in which a case has been."""
    dispute, found = Dispute(), set[Phase]()
    for recorded in case.events:
        dispute = evolve(dispute, recorded.event)
        found.add(dispute.phase)
    return found
