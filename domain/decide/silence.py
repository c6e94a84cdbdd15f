"""What passed deadlines call for: the only decisions that nobody asks for."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from domain.clock import LimitName
from domain.context import Context
from domain.deadlines import Awaited, Deadline
from domain.decide.escalation import handed_over
from domain.decide.performance import confirmation
from domain.dispute import Dispute, Phase
from domain.events import (
    Closed,
    DeadlineMissed,
    DisputeEvent,
    EvidenceClosed,
    Withdrawn,
)
from domain.evolve import fold
from domain.outcomes import ClaimResult, Outcome, Trigger
from domain.policy import Silence
from domain.roles import Party


class Passed(Struct, frozen=True):
    """A deadline that passed, and the facts that this calls for."""

    deadline: Deadline
    facts: tuple[DisputeEvent, ...]


def overdue(dispute: Dispute, context: Context) -> tuple[Passed, ...]:
    """Return what the deadlines passed by now call for, in the order of their ends.

    Whoever acts on a case first lets this happen, so that a case never depends on how
    quickly the worker follows the clock.
    """
    happened: tuple[Passed, ...] = ()
    while deadline := _first_passed(dispute, context):
        facts = _silence(deadline, dispute, context)
        happened = (*happened, Passed(deadline, facts))
        dispute = fold(facts, dispute)
    return happened


def facts_of(happened: Iterable[Passed]) -> tuple[DisputeEvent, ...]:
    """Return the facts alone, in order."""
    return tuple(fact for passed in happened for fact in passed.facts)


def _first_passed(dispute: Dispute, context: Context) -> Deadline | None:
    passed = [one for one in dispute.deadlines if one.due <= context.now]
    return min(passed, key=lambda one: (one.due, *map(str, one.key)), default=None)


def _silence(
    deadline: Deadline, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    silence = context.rules.policy.silence
    match deadline.awaited:
        case Awaited.RESPONSE:
            return _next(silence.response, deadline, dispute, context)
        case Awaited.NEGOTIATION:
            return _next(silence.negotiation, deadline, dispute, context)
        case Awaited.ESCALATION:
            return _next(silence.escalation, deadline, dispute, context)
        case Awaited.EVIDENCE:
            return _evidence_over(deadline, dispute, context)
        case Awaited.CONFIRMATION:
            return _deemed(deadline, dispute, context)
        case _:
            return (_missed(deadline),)


def _missed(deadline: Deadline, *starts: Deadline) -> DeadlineMissed:
    return DeadlineMissed(
        awaited=deadline.awaited,
        party=deadline.party,
        due=deadline.due,
        item=deadline.item,
        deadlines=starts,
    )


def _next(
    silence: Silence, deadline: Deadline, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Do what the policy says that this silence leads to."""
    match silence:
        case Silence.MAY_ESCALATE:
            time_to_escalate = context.until(
                Awaited.ESCALATION, Party.BUYER, LimitName.ESCALATION
            )
            return (_missed(deadline, time_to_escalate),)
        case Silence.ESCALATE:
            answered = dispute.phase is Phase.NEGOTIATING
            trigger = Trigger.NO_AGREEMENT if answered else Trigger.NO_RESPONSE
            return _missed(deadline), handed_over(trigger, Party.PLATFORM, context)
        case Silence.WITHDRAW:
            closed = Closed(outcome=Outcome.WITHDRAWN, claim=ClaimResult.NONE)
            return _missed(deadline), Withdrawn(deemed=True), closed


def _evidence_over(
    deadline: Deadline, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Close one side's evidence; with the second side, the time to rule begins."""
    party = deadline.party
    items = sum(exhibit.by is party for exhibit in dispute.exhibits)
    ruling = context.until(Awaited.RULING, Party.PLATFORM, LimitName.RULING)
    closed = EvidenceClosed(
        party=party, items=items, deadlines=(ruling,) if dispute.evidence_over else ()
    )
    return (closed,) if items else (_missed(deadline), closed)


def _deemed(
    deadline: Deadline, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    number = deadline.item or 0
    confirmed = confirmation(number, dispute, context, deemed=True)
    return _missed(deadline), *confirmed
