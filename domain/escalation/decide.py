"""Escalation to the platform (4.3.1)."""

from __future__ import annotations

from domain.case.context import Context
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited, Deadline
from domain.escalation.commands import Escalate
from domain.escalation.events import Escalated, Trigger
from domain.evidence.events import BurdenAssigned
from domain.refusals import NoGround
from domain.roles import STAFF, Party, Role


def escalate(
    command: Escalate, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Hand the case to the platform, on a trigger that holds now."""
    possible = triggers(dispute, context)
    if command.trigger not in possible:
        raise NoGround(trigger=command.trigger, possible=", ".join(possible))
    return handed_over(
        command.trigger, dispute, context, context.actor.party, command.statement
    )


def handed_over(
    trigger: Trigger,
    dispute: Dispute,
    context: Context,
    by: Party = Party.PLATFORM,
    statement: str | None = None,
) -> tuple[DisputeEvent, ...]:
    """State the escalation, and which party has to prove first by the rules of proof.

    Each side is asked for evidence from now on.
    """
    escalated = Escalated(
        trigger=trigger,
        by=by,
        statement=statement,
        # If a settlement broke after the evidence of both sides was over, none is due
        # any more; without a time to rule nothing would be, and the case would lie.
        deadlines=_evidence(dispute, context) or (ruling_starts(context),),
    )
    # A case that staff file is escalated in the same decision, so that the dispute
    # knows no reason yet.
    reason = dispute.reason or context.reason
    # A burden that was shifted stays where it is; imports have reasons without rules.
    if dispute.burden is not None or reason not in context.rules.proof.reasons:
        return (escalated,)
    burden = context.rules.proof.burden(reason)
    return escalated, BurdenAssigned(party=burden.party, rule=burden.rule)


def _evidence(dispute: Dispute, context: Context) -> tuple[Deadline, ...]:
    return tuple(
        context.until(Awaited.EVIDENCE, party)
        for party in (Party.BUYER, Party.SELLER)
        if party not in dispute.evidence_over
    )


def ruling_starts(context: Context) -> Deadline:
    """Start the time to rule."""
    return context.until(Awaited.RULING, Party.PLATFORM)


def triggers(dispute: Dispute, context: Context) -> tuple[Trigger, ...]:
    """List the triggers on which the actor may escalate now."""
    role = context.actor.acts_as
    if role in STAFF:
        # 4.3.1: the platform steps in on its own. After a decision there is nothing to
        # step into.
        takes_over = dispute.phase not in {Phase.PERFORMING, Phase.ENFORCING}
        return (Trigger.PLATFORM,) if takes_over else ()
    match dispute.phase, role:
        case Phase.UNANSWERED, Role.BUYER:
            return (Trigger.NO_RESPONSE,)
        case Phase.NEGOTIATING, Role.BUYER:
            return Trigger.NO_AGREEMENT, Trigger.NON_COOPERATION
        # The seller's time is shorter than the buyer's; after it only the buyer may.
        case Phase.NEGOTIATING, Role.SELLER if not _window_over(dispute):
            return (Trigger.NO_AGREEMENT,)
        case (
            Phase.PERFORMING | Phase.ENFORCING,
            Role.BUYER,
        ) if _settlement_broken(dispute):
            return (Trigger.NON_COOPERATION,)
        case _:
            return ()


def _window_over(dispute: Dispute) -> bool:
    """Tell whether the seller's time to escalate is over, as well as negotiation."""
    # Negotiation is awaited of BOTH.
    awaited = {one.awaited for one in dispute.deadlines if one.party is not Party.BUYER}
    return not awaited & {Awaited.NEGOTIATION, Awaited.ESCALATION}


def _settlement_broken(dispute: Dispute) -> bool:
    """Tell whether the seller did not perform a settlement within its limit."""
    return dispute.settled and any(
        duty.defaulted
        # A report is contested first: the seller may have performed late after all.
        and not (duty.reported or duty.is_over)
        and duty.owed.debtor is Party.SELLER
        for duty in dispute.duties
    )
