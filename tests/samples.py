"""A case brought to every phase by real facts, and who takes part in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from application.rules.rulebook import Rulebooks
from domain.admission.commands import Admit
from domain.appeal.commands import Appeal
from domain.appeal.events import AppealGround
from domain.case.command import Command
from domain.case.context import Context
from domain.case.decide import decide
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.deadlines.timeouts import events_of, overdue
from domain.escalation.commands import Escalate
from domain.escalation.events import Trigger
from domain.evidence.commands import (
    AssessEvidence,
)
from domain.filing.commands import FileDispute, OrderLine
from domain.money import Money
from domain.negotiation.commands import (
    AcceptOffer,
    MakeOffer,
    RespondToClaim,
)
from domain.notices.commands import ServeNotice
from domain.notices.events import NoticeKind
from domain.performance.commands import ConfirmFulfilment, Fulfil
from domain.roles import CLOCK, Actor, Party, Role
from domain.ruling.commands import Rule
from domain.ruling.reasons import Reason, RuleCited
from domain.suspension.commands import Suspend
from domain.suspension.events import SuspensionCause
from domain.terms import Terms

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""

BOOKS = Rulebooks()
RULES = BOOKS["cn-default/1"]

BUYER = Actor(role=Role.BUYER, id="b-1")
SELLER = Actor(role=Role.SELLER, id="s-1")
MEDIATOR = Actor(role=Role.MEDIATOR, id="m-1")
SUPERVISOR = Actor(role=Role.SUPERVISOR, id="v-1")
PLATFORM = Actor(role=Role.PLATFORM, id="p-1")
ACTORS = {
    Role.BUYER: BUYER,
    Role.SELLER: SELLER,
    Role.MEDIATOR: MEDIATOR,
    Role.SUPERVISOR: SUPERVISOR,
    Role.CLOCK: CLOCK,
    Role.PLATFORM: PLATFORM,
    Role.AUDITOR: Actor(role=Role.AUDITOR, id="a-1"),
    Role.REGULATOR: Actor(role=Role.REGULATOR, id="r-1"),
    Role.ANALYST: Actor(role=Role.ANALYST, id="n-1"),
}

REFUND = Terms(kind="refund", amount=Money(12_900, "CNY"))
HALF = Terms(kind="refund", amount=Money(6_450, "CNY"))
ORDER = OrderLine(id="o-1", line="1", paid=Money(12_900, "CNY"))
FILE = FileDispute(
    platform="shop",
    channel="order-page",
    buyer="b-1",
    seller="s-1",
    order=ORDER,
    category="quality",
    reason="defect",
    claim=REFUND,
    facts="The kettle leaks.",
    contact="b1@example.com",
    evidence_note="Photos follow.",
)
REASON = Reason(
    issue="Was the kettle defective?",
    finding="The photos show the crack.",
    rule=RuleCited(id="sample-platform", version="1", article="3"),
)
RULE = Rule(liability="seller", remedies=(REFUND,), reasons=(REASON,))


def context(actor: Actor, now: datetime = NOW) -> Context:
    """Return what a decision of this actor may know."""
    return Context(actor=actor, now=now, rules=RULES)


Step: TypeAlias = tuple[Actor, Command] | timedelta
"""Somebody sends a command, or time passes."""


def play(*steps: Step) -> tuple[DisputeEvent, ...]:
    """Play commands and pauses through the real decisions; return all facts."""
    return play_until(*steps)[0]


def play_until(*steps: Step) -> tuple[tuple[DisputeEvent, ...], datetime]:
    """Play commands and pauses; return all facts, and the time at the end."""
    events: tuple[DisputeEvent, ...] = ()
    now = NOW
    for step in steps:
        dispute = fold(events)
        if isinstance(step, timedelta):
            now += step
            events += events_of(overdue(dispute, context(CLOCK, now)))
        else:
            actor, command = step
            events += decide(command, dispute, context(actor, now))
    return events, now


def serve(kind: NoticeKind, party: Party) -> tuple[Actor, ServeNotice]:
    """Return the step that serves a notice."""
    return CLOCK, ServeNotice(notice=kind, party=party, channel="in-site")


ASSESS = AssessEvidence(number=1, authentic=True, relevant=True, legal=True)

FILED = ((BUYER, FILE),)
ADMITTED = (
    *FILED,
    (MEDIATOR, Admit()),
    serve(NoticeKind.ADMISSION, Party.SELLER),
)
UNANSWERED = (*ADMITTED, timedelta(days=3))
NEGOTIATING = (
    *ADMITTED,
    (SELLER, RespondToClaim(position="contest", statement="It was fine.")),
)
OFFERED = (*NEGOTIATING, (SELLER, MakeOffer(terms=HALF)))
SETTLED = (*OFFERED, (BUYER, AcceptOffer(number=1)))
ESCALATED = (*NEGOTIATING, (BUYER, Escalate(trigger=Trigger.NO_AGREEMENT)))
TO_RULE = (*ESCALATED, timedelta(days=3))
RULED = (*TO_RULE, (MEDIATOR, RULE))
RULING_SERVED = (
    *RULED,
    serve(NoticeKind.RULING, Party.BUYER),
    serve(NoticeKind.RULING, Party.SELLER),
)
REPORTED = (*RULING_SERVED, (SELLER, Fulfil(obligation=1)))
CLOSED = (*REPORTED, (BUYER, ConfirmFulfilment(obligation=1)))
ENFORCING = (*RULING_SERVED, timedelta(days=1), timedelta(days=1))
APPEALED = (
    *RULING_SERVED,
    (SELLER, Appeal(ground=AppealGround.ERROR, statement="Another's photo.")),
)
SUSPENDED = (
    *NEGOTIATING,
    (SELLER, Suspend(cause=SuspensionCause.COURT, note="At the court.")),
)

PHASES: dict[Phase, tuple[DisputeEvent, ...]] = {
    Phase.NONE: (),
    Phase.FILED: play(*FILED),
    Phase.AWAITING_RESPONSE: play(*ADMITTED),
    Phase.UNANSWERED: play(*UNANSWERED),
    Phase.NEGOTIATING: play(*OFFERED),
    Phase.EVIDENCE: play(*ESCALATED),
    Phase.RULING: play(*TO_RULE),
    Phase.PERFORMING: play(*REPORTED),
    Phase.ENFORCING: play(*ENFORCING),
    Phase.APPEAL: play(*APPEALED),
    Phase.SUSPENDED: play(*SUSPENDED),
    Phase.CLOSED: play(*CLOSED),
}


def in_phase(phase: Phase) -> Dispute:
    """Return a dispute that real facts brought to a phase."""
    return fold(PHASES[phase])
