"""Escalation to the platform and the evidence of both sides (4.3.1, 4.3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.clock import LimitName
from domain.commands import Escalate, SubmitEvidence
from domain.context import Context
from domain.deadlines import Awaited
from domain.dispute import Dispute, Phase
from domain.events import DisputeEvent, Escalated, EvidenceSubmitted
from domain.outcomes import Trigger
from domain.refusals import NoGround, Problem, TooLate, refuse_if
from domain.roles import STAFF, Party, Role


def escalate(
    command: Escalate, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Hand the case to the platform, on a trigger that holds now."""
    possible = triggers(dispute, context)
    if command.trigger not in possible:
        raise NoGround(trigger=command.trigger, possible=", ".join(possible))
    party = context.actor.party
    return (handed_over(command.trigger, party, context, command.statement),)


def handed_over(
    trigger: Trigger, by: Party, context: Context, statement: str | None = None
) -> Escalated:
    """State the escalation; each side is asked for evidence from now on."""
    return Escalated(
        trigger=trigger,
        by=by,
        statement=statement,
        deadlines=tuple(
            context.until(Awaited.EVIDENCE, party, LimitName.EVIDENCE)
            for party in (Party.BUYER, Party.SELLER)
        ),
    )


def triggers(dispute: Dispute, context: Context) -> tuple[Trigger, ...]:
    """List the triggers on which the caller may escalate now."""
    if context.actor.acts_as in STAFF:
        takes_over = dispute.phase is not Phase.PERFORMING
        return (Trigger.PLATFORM,) if takes_over else ()
    match dispute.phase, context.actor.acts_as:
        case Phase.UNANSWERED, Role.BUYER:
            return (Trigger.NO_RESPONSE,)
        case Phase.NEGOTIATING, Role.BUYER:
            return Trigger.NO_AGREEMENT, Trigger.NON_COOPERATION
        case Phase.NEGOTIATING, Role.SELLER:
            return (Trigger.NO_AGREEMENT,)
        case Phase.PERFORMING, Role.BUYER if _settlement_broken(dispute):
            return (Trigger.NON_COOPERATION,)
        case _:
            return ()


def _settlement_broken(dispute: Dispute) -> bool:
    """Tell whether the seller let a settlement lie unperformed past its limit."""
    return dispute.settled and any(
        missed.awaited is Awaited.PERFORMANCE and missed.party is Party.SELLER
        for missed in dispute.missed
    )


def submit_evidence(
    command: SubmitEvidence, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Add a file to the case; the same file from the same side counts once."""
    refuse_if(_evidence_problems(command, context))
    by = context.actor.party
    if not may_submit(dispute, context):
        raise TooLate(awaited=Awaited.EVIDENCE)
    if any((one.by, one.sha256) == (by, command.sha256) for one in dispute.exhibits):
        return ()
    return (
        EvidenceSubmitted(
            number=len(dispute.exhibits) + 1,
            by=by,
            kind=command.kind,
            sha256=command.sha256,
            size=command.size,
            media_type=command.media_type,
            name=command.name,
            note=command.note,
        ),
    )


def may_submit(dispute: Dispute, context: Context) -> bool:
    """Tell whether the caller's side may still add evidence."""
    return context.actor.party not in dispute.evidence_over


def _evidence_problems(command: SubmitEvidence, context: Context) -> Iterator[Problem]:
    if command.kind not in context.codes.evidence:
        allowed = {"allowed": ", ".join(context.codes.evidence)}
        yield Problem("/kind", "unknown-code", allowed)
    if command.size == 0:
        yield Problem("/file", "empty")
