"""Which party a case waits for, to do what, until when, and what silence leads to."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from domain.case.dispute import Dispute, Phase
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.table import DEADLINES, POLICY
from domain.policy.profile import Policy
from domain.roles import Party

SERVICE = "service"
"""What is awaited while a notice is to be served: no time limit runs for it."""


class Waiting(Struct, frozen=True):
    """The party that is awaited, to do what, until when (UTC).

    `awaited` is an Awaited, or SERVICE.
    """

    party: Party
    awaited: str
    due: datetime | None = None


# What a phase is about, where no deadline says it: in imported cases, which have none,
# and once a deadline passed after which nothing stays awaited.
_BY_PHASE = {
    Phase.FILED: Waiting(Party.PLATFORM, Awaited.ADMISSION),
    Phase.AWAITING_RESPONSE: Waiting(Party.SELLER, Awaited.RESPONSE),
    Phase.UNANSWERED: Waiting(Party.SELLER, Awaited.RESPONSE),
    Phase.NEGOTIATING: Waiting(Party.BOTH, Awaited.NEGOTIATION),
    Phase.EVIDENCE: Waiting(Party.BOTH, Awaited.EVIDENCE),
    Phase.RULING: Waiting(Party.PLATFORM, Awaited.RULING),
    Phase.ENFORCING: Waiting(Party.PLATFORM, Awaited.ENFORCEMENT),
    Phase.APPEAL: Waiting(Party.PLATFORM, Awaited.APPEAL_DECISION),
    Phase.SUSPENDED: Waiting(Party.PLATFORM, Awaited.SUSPENSION),
}


def waiting_on(dispute: Dispute) -> Waiting | None:
    """Return what the case waits for: what is due first, missed or not; else by phase.

    A right, which its party may leave unused, counts only when nothing else is awaited.
    """
    if dispute.phase in {Phase.NONE, Phase.CLOSED}:
        return None
    due = tuple(
        one
        for one in (*dispute.missed, *dispute.deadlines)
        # No case waits for an appeal: it is performed, or closed, meanwhile.
        if one.awaited is not Awaited.APPEAL and not _cannot_be_done(one, dispute)
    )
    must = tuple(one for one in due if not DEADLINES[one.awaited].is_right)
    if must or due:
        return _first_awaited(must or due)
    if dispute.notices and dispute.phase is not Phase.SUSPENDED:
        return Waiting(Party.PLATFORM, SERVICE)
    if dispute.phase in _BY_PHASE:
        return _BY_PHASE[dispute.phase]
    return Waiting(_first_debtor(dispute), Awaited.PERFORMANCE)


def _cannot_be_done(missed: Deadline, dispute: Dispute) -> bool:
    """Tell whether what was missed cannot be done while the case stands still."""
    still = dispute.phase in {Phase.APPEAL, Phase.SUSPENDED}
    goes_on = DEADLINES[missed.awaited].in_standstill
    return still and missed in dispute.missed and not goes_on


def silence_leads_to(awaited: str, policy: Policy) -> str:
    """Return, in a word, what follows when nobody does what is awaited."""
    if awaited == SERVICE:
        return "starts-with-service"
    said = DEADLINES[Awaited(awaited)].silence
    return str(getattr(policy.silence, awaited)) if said == POLICY else said


def _first_awaited(awaited: tuple[Deadline, ...]) -> Waiting:
    first = min(awaited, key=lambda one: (one.due, one.awaited, one.party))
    # Both sides may have the same date for the same thing, such as their evidence.
    asked = {
        one.party
        for one in awaited
        if (one.due, one.awaited) == (first.due, first.awaited)
    }
    party = first.party if len(asked) == 1 else Party.BOTH
    return Waiting(party, first.awaited, first.due)


def _first_debtor(dispute: Dispute) -> Party:
    debtors = (
        duty.owed.debtor
        for duty in dispute.duties
        if not (duty.reported or duty.is_over)
    )
    return next(debtors, Party.PLATFORM)
