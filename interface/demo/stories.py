"""The courses that sample cases take: who does what, after how many hours.

A story yields how many hours it waits, or what an actor does, and is sent the state of
the case after that. What nobody does in time is recorded by the clock.
"""

from __future__ import annotations

from collections.abc import Generator

from domain.admission.commands import Admit, Refuse
from domain.case.command import Command
from domain.case.dispute import Dispute, Phase
from domain.escalation.commands import Escalate
from domain.escalation.events import Trigger
from domain.evidence.commands import AssessEvidence
from domain.filing.commands import Withdraw
from domain.mediators.commands import Assign
from domain.negotiation.commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    RespondToClaim,
)
from domain.performance.commands import ConfirmFulfilment, Fulfil
from domain.roles import Actor, Party, Role
from domain.ruling.ruling_rules import unweighed
from interface.demo.cast import SampleCase
from interface.demo.findings import ruled_on_agreement, ruling
from interface.demo.scene import texts

PAYMENTS = Actor(role=Role.PLATFORM, id="payments")


class Picture:
    """A step in which an actor hands in a picture, of a kind of evidence."""

    def __init__(self, by: Actor, kind: str, note: str) -> None:
        self.by = by
        self.kind = kind
        self.note = note


Step = float | tuple[Actor, Command] | Picture
Story = Generator[Step, Dispute, None]


def admitted(case: SampleCase, *, late: bool = False) -> Story:
    """File, and be admitted."""
    yield case.buyer, case.command
    yield case.hours(60, 90) if late else case.hours(1, 20)
    mediator = case.mediator.id or ""
    yield case.mediator, Assign(mediator=mediator)
    yield case.mediator, Admit()
    yield case.hours(2, 12)


def evidence_of(case: SampleCase, by: Actor) -> Picture:
    """Return the step in which a side hands in its evidence."""
    shown = case.shown_by(by.party)
    return Picture(by, shown.kind, case.words(shown))


def contest(case: SampleCase) -> tuple[Actor, Command]:
    """Return the step in which the seller contests the claim."""
    said = case.words(case.scene.contest)
    return case.seller, RespondToClaim(position="contest", statement=said)


def accepted(case: SampleCase) -> Story:
    """The seller accepts the claim and performs."""
    yield from admitted(case)
    yield case.seller, RespondToClaim(position="accept", statement=case.say("accept"))
    yield from performed(case)


def met_half_way(case: SampleCase) -> Story:
    """The seller offers a part; the buyer asks for more; they agree and perform."""
    yield from admitted(case)
    yield case.seller, RespondToClaim(position="offer", offer=case.part(0.5))
    yield case.hours(3, 30)
    if case.likely(0.5):
        yield case.buyer, AcceptOffer(number=1)
    else:
        yield case.buyer, DeclineOffer(number=1, message=case.say("decline"))
        counter = MakeOffer(terms=case.part(0.67), message=case.say("counter"))
        yield case.buyer, counter
        yield case.hours(2, 20)
        yield case.seller, AcceptOffer(number=2)
    yield from performed(case)


def ruled(case: SampleCase, *, late: bool = False) -> Story:
    """They do not agree; both hand in evidence; the platform rules."""
    yield from admitted(case)
    yield contest(case)
    yield case.hours(5, 40)
    yield case.buyer, Escalate(trigger=Trigger.NO_AGREEMENT)
    yield case.hours(2, 20)
    yield evidence_of(case, case.buyer)
    yield case.hours(1, 20)
    if case.likely(0.4):
        yield evidence_of(case, case.seller)
    yield case.hours(75, 100)
    late = late or case.likely(0.3)
    dispute = yield case.hours(175, 420) if late else case.hours(10, 120)
    yield from assessed(case.mediator, dispute)
    dispute = yield case.mediator, ruling(case, dispute)
    if dispute.duties:
        yield case.hours(1, 4)
        yield from performed(case)


def ruled_late(case: SampleCase) -> Story:
    """The platform itself is late, twice."""
    yield case.buyer, case.command
    yield case.hours(60, 90)
    yield case.mediator, Admit()
    yield case.hours(3, 10)
    yield contest(case)
    yield case.hours(10, 40)
    yield case.seller, Escalate(trigger=Trigger.NO_AGREEMENT)
    yield case.hours(76, 80)
    dispute = yield case.hours(180, 480)
    dispute = yield case.mediator, ruling(case, dispute)
    if dispute.duties:
        yield case.hours(1, 4)
        yield from performed(case)


def unanswered(case: SampleCase) -> Story:
    """The seller stays silent; the buyer escalates; the platform rules and pays."""
    yield from admitted(case)
    dispute = yield case.hours(60, 110)
    # Over holidays a working day takes longer.
    while dispute.phase is Phase.AWAITING_RESPONSE:
        dispute = yield case.hours(12, 24)
    yield case.buyer, Escalate(trigger=Trigger.NO_RESPONSE)
    yield case.hours(4, 30)
    yield evidence_of(case, case.buyer)
    dispute = yield case.hours(80, 180)
    yield from assessed(case.mediator, dispute)
    dispute = yield case.mediator, ruling(case, dispute)
    yield case.hours(30, 60)
    for duty in dispute.duties:
        if duty.owed.debtor is Party.SELLER and duty.owed.after is None:
            yield PAYMENTS, Fulfil(obligation=duty.owed.number, reference="pay-demo")
    yield from performed(case)


def withdrawn(case: SampleCase) -> Story:
    """The buyer gives up."""
    yield from admitted(case)
    yield case.hours(1, 10)
    yield case.buyer, Withdraw(reason=case.say("withdraw"))


def refused(case: SampleCase) -> Story:
    """The platform does not take the case."""
    yield case.buyer, case.command
    yield case.hours(1, 30)
    ground = case.chance.choice(["no-basis", "late", "out-of-scope", "abusive"])
    explanation = texts()["said"][case.language]["refuse"][ground]
    routes = ("consumer-association", "market-regulator", "court")
    yield case.mediator, Refuse(ground=ground, explanation=explanation, routes=routes)


def broken(case: SampleCase) -> Story:
    """A settlement is not kept; the buyer turns to the platform."""
    yield from admitted(case)
    yield case.seller, RespondToClaim(position="accept", statement=case.say("accept"))
    yield case.hours(200, 230)
    yield case.buyer, Escalate(trigger=Trigger.NON_COOPERATION)
    yield case.hours(80, 160)
    yield case.mediator, ruled_on_agreement(case)
    yield from performed(case)


def assessed(by: Actor, dispute: Dispute) -> Story:
    """Somebody of the platform weighs every item that nobody has weighed yet."""
    for number in unweighed(dispute):
        yield (
            by,
            AssessEvidence(number=number, authentic=True, relevant=True, legal=True),
        )


def performed(case: SampleCase) -> Story:
    """Perform one obligation after the other; some confirm, some stay silent."""
    done: set[int] = set()
    while True:
        dispute = yield case.hours(2, 20)
        owed = [
            duty.owed
            for duty in dispute.duties
            if not (duty.reported or duty.is_over)
            and (duty.owed.after is None or duty.owed.after in done)
        ]
        if not owed:
            return
        debtor = case.buyer if owed[0].debtor is Party.BUYER else case.seller
        creditor = case.seller if owed[0].debtor is Party.BUYER else case.buyer
        number = owed[0].number
        yield debtor, Fulfil(obligation=number, statement=case.say(owed[0].duty))
        if case.likely(0.75):
            yield case.hours(2, 60)
            yield creditor, ConfirmFulfilment(obligation=number)
        else:
            yield 7 * 24 + 1
        done.add(number)
