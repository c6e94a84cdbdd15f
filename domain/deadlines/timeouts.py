"""What follows from passed deadlines: the only decisions that nobody asks for."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from domain.case.context import Context
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.commands import PassDeadline
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.time_limits import LimitName
from domain.escalation.decide import handed_over, ruling_starts
from domain.escalation.events import Trigger
from domain.evidence.events import EvidenceClosed, EvidenceHandedIn
from domain.filing.events import Withdrawn
from domain.inquiries.decide import clocks_resumed, pause_for
from domain.negotiation.events import OfferLapsed
from domain.performance.decide import confirmation, default, enforcement_starts
from domain.performance.events import Closed
from domain.policy.profile import Silence
from domain.roles import Party
from domain.suspension.decide import resumption


class Passed(Struct, frozen=True):
    """A deadline that passed, and the events that follow from it."""

    deadline: Deadline
    events: tuple[DisputeEvent, ...]


def pass_deadline(
    _: PassDeadline, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Record what follows from every deadline that has passed by now."""
    # All of them, not only the one that the command names: they have to be recorded in
    # the order in which they passed.
    return events_of(overdue(dispute, context))


def overdue(dispute: Dispute, context: Context) -> tuple[Passed, ...]:
    """Return what follows from the deadlines that have passed, in the order of ends.

    The first to act on a case applies this, a party as well as the worker, so that no
    case depends on how quickly the worker follows the clock (decision 8).
    """
    happened: tuple[Passed, ...] = ()
    # One at a time, since each may end, hold or start others. It comes to an end: what
    # passed is gone, and what starts now is due later than now, because nobody could
    # have used the time before it was recorded.
    while deadline := _first_passed(dispute, context):
        events = _silence(deadline, dispute, context)
        happened = (*happened, Passed(deadline, events))
        dispute = fold(events, dispute)
    return happened


def events_of(happened: Iterable[Passed]) -> tuple[DisputeEvent, ...]:
    """Return the events alone, in order."""
    return tuple(recorded for passed in happened for recorded in passed.events)


def _first_passed(dispute: Dispute, context: Context) -> Deadline | None:
    passed = [one for one in dispute.deadlines if one.due <= context.now]
    # The key decides between equal ends, such as both parties' evidence: every process
    # that applies them gets the same events in the same order.
    return min(passed, key=lambda one: (one.due, *map(str, one.key)), default=None)


def _silence(
    deadline: Deadline, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    silence = context.rules.policy.silence
    item = deadline.item or 0
    match deadline.awaited:
        case Awaited.RESPONSE:
            return _by_policy(silence.response, deadline, dispute, context)
        case Awaited.NEGOTIATION:
            return _by_policy(silence.negotiation, deadline, dispute, context)
        # Only the buyer's: the seller's time is shorter, and with it just a right ends.
        case Awaited.ESCALATION if deadline.party is Party.BUYER:
            return _by_policy(silence.escalation, deadline, dispute, context)
        case Awaited.OFFER_ANSWER:
            return _missed(deadline), OfferLapsed(number=item)
        case Awaited.EVIDENCE:
            return _evidence_over(deadline, dispute, context)
        # 4.4.2: silence past the limit counts as confirmed.
        case Awaited.CONFIRMATION:
            confirmed = confirmation(item, dispute, context, deemed=True)
            return _missed(deadline), *confirmed
        # 4.4.3: a missed obligation, 24 voluntary hours, then the platform.
        case Awaited.PERFORMANCE:
            return _missed(deadline), default(item, dispute, context)
        case Awaited.VOLUNTARY:
            starts = enforcement_starts(item, _on_time(deadline, context))
            return (_missed(deadline, starts),)
        case _:
            return _pause_over(deadline, dispute, context)


def _on_time(deadline: Deadline, context: Context) -> Context:
    """Return the context of a worker that records the passed deadline at once.

    For limits of the platform, which a late worker of its own gives no more time. What
    runs against a party begins when it is recorded: nobody loses time that they could
    not know of.
    """
    return replace(context, now=deadline.due)


def _pause_over(
    deadline: Deadline, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Resume what stood still until now; any other deadline is recorded as missed."""
    match deadline.awaited:
        # 4.3.3: an inspection stops the clocks for 30 days at most.
        case Awaited.INSPECTION:
            pause = pause_for(deadline.item, dispute)
            ends = (clocks_resumed(pause, context),) if pause else ()
            return _missed(deadline), *ends
        # Nobody missed anything: the suspension lasted as long as was agreed.
        case Awaited.SUSPENSION:
            return (resumption("time-over", dispute, context),)
        case Awaited.SUSPENSION_PROOF:
            resumed = resumption("not-proved", dispute, context)
            return _missed(deadline), resumed
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


def _by_policy(
    silence: Silence, deadline: Deadline, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Do what this silence leads to by the policy."""
    match silence:
        case Silence.MAY_ESCALATE:
            return (_missed(deadline, *_time_to_escalate(dispute, context)),)
        case Silence.ESCALATE:
            # The seller has answered if there is a negotiation to fail.
            answered = dispute.phase is Phase.NEGOTIATING
            trigger = Trigger.NO_AGREEMENT if answered else Trigger.NO_RESPONSE
            return _missed(deadline), *handed_over(trigger, dispute, context)
        case Silence.WITHDRAW:
            closed = Closed(outcome=Outcome.WITHDRAWN, claim=ClaimResult.NONE)
            return _missed(deadline), Withdrawn(deemed=True), closed


def _time_to_escalate(dispute: Dispute, context: Context) -> tuple[Deadline, ...]:
    """Start the time to escalate: the buyer's, and after negotiation the seller's."""
    windows = {Party.BUYER: LimitName.ESCALATION}
    # 4.3.1: a seller who has not even answered has no disagreement to complain of.
    if dispute.phase is Phase.NEGOTIATING:
        windows[Party.SELLER] = LimitName.ESCALATION_SELLER
    return tuple(
        context.until(Awaited.ESCALATION, party, limit=limit)
        for party, limit in windows.items()
    )


def _evidence_over(
    deadline: Deadline, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Close one side's evidence and hand its drafts in; the second starts the ruling.

    Drafts are handed in before the side is closed: the party prepared them in time, so
    they count as evidence.
    """
    party, on_time = deadline.party, _on_time(deadline, context)
    items = [exhibit for exhibit in dispute.exhibits if exhibit.by is party]
    closed = EvidenceClosed(
        party=party,
        items=len(items),
        # If anyone's evidence is over already it is the other side's, so both are now.
        deadlines=(ruling_starts(on_time),) if dispute.evidence_over else (),
        due=deadline.due,
    )
    handed_in = (
        EvidenceHandedIn(number=exhibit.number, by=party)
        for exhibit in items
        if exhibit.draft
    )
    # Who brought anything did what was awaited; the date is missed only with nothing.
    missed = () if items else (_missed(deadline),)
    return *missed, *handed_in, closed
