"""Cases on their way, and short words for what was found in them."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

import pytest
from msgspec.structs import replace

from domain.appeal.commands import Appeal, DecideAppeal
from domain.appeal.events import AppealGround, AppealResult
from domain.case.dispute import Dispute
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.deadlines.deadline import Deadline
from domain.negotiation.commands import AcceptOffer, MakeOffer
from domain.notices.events import NoticeKind
from domain.performance.commands import ConfirmFulfilment, Fulfil
from domain.refusals import Invalid, Refusal
from domain.roles import Actor, Party, Role
from domain.ruling.commands import Rule
from domain.ruling.reasons import Automation
from domain.terms import Terms
from tests.samples import (
    BUYER,
    MEDIATOR,
    NEGOTIATING,
    NOW,
    REASON,
    REFUND,
    RULE,
    SELLER,
    TO_RULE,
    Step,
    serve,
)
from tests.scenario import When

E = TypeVar("E", bound=Event)

DAY = timedelta(days=1)
SECOND_MEDIATOR = Actor(role=Role.MEDIATOR, id="m-2")
SECOND_SUPERVISOR = Actor(role=Role.SUPERVISOR, id="v-2")

RETURN = Terms(kind="return-and-refund", amount=REFUND.amount, freight=Party.SELLER)
DISMISSAL = Terms(kind="dismissal")
DISMISS = Rule(liability="buyer", remedies=(DISMISSAL,), reasons=(REASON,))
APPEAL = Appeal(ground=AppealGround.ERROR, statement="The photo is another's.")
UPHELD = DecideAppeal(result=AppealResult.UPHELD, reasons=(REASON,))
SET_ASIDE = DecideAppeal(result=AppealResult.SET_ASIDE, reasons=(REASON,))

APPEAL_SERVED = (
    serve(NoticeKind.APPEAL, Party.BUYER),
    serve(NoticeKind.APPEAL, Party.SELLER),
)
SERVED = (
    serve(NoticeKind.RULING, Party.BUYER),
    serve(NoticeKind.RULING, Party.SELLER),
)
PAID: tuple[Step, ...] = (
    (SELLER, Fulfil(obligation=1)),
    (BUYER, ConfirmFulfilment(obligation=1)),
)


def ruled(*remedies: Terms, liability: str = "seller") -> tuple[Step, ...]:
    """Return a case in which this was ruled, and served on both."""
    rule = replace(RULE, liability=liability, remedies=remedies)
    return (*TO_RULE, (MEDIATOR, rule), *SERVED)


def settled(terms: Terms) -> tuple[Step, ...]:
    """Return a case that was settled on these terms."""
    return (
        *NEGOTIATING,
        (SELLER, MakeOffer(terms=terms)),
        (BUYER, AcceptOffer(number=1)),
    )


def automated(*remedies: Terms) -> Rule:
    """Return what a machine alone decides."""
    return replace(
        RULE, remedies=remedies, automation=Automation.AUTOMATED, model="model-1"
    )


def varied(*remedies: Terms, liability: str = "seller") -> DecideAppeal:
    """Return an appeal decision that puts these remedies in place of the old ones."""
    return DecideAppeal(
        result=AppealResult.VARIED,
        reasons=(REASON,),
        liability=liability,
        remedies=remedies,
    )


def of(kind: type[E], events: tuple[DisputeEvent, ...]) -> list[E]:
    """Return the facts of a kind."""
    return [recorded for recorded in events if isinstance(recorded, kind)]


def running(events: tuple[DisputeEvent, ...]) -> dict[tuple[str, str], timedelta]:
    """Return how long after the start of the story each deadline ends."""
    return {
        (one.awaited.value, one.party.value): one.due - NOW
        for one in fold(events).deadlines
    }


def owed(dispute: Dispute) -> list[tuple[str, str, int | None]]:
    """Return who owes what, in minor units."""
    return [
        (
            duty.owed.debtor.value,
            duty.owed.duty,
            duty.owed.amount.amount if duty.owed.amount else None,
        )
        for duty in dispute.duties
    ]


def wrong_places(when: When) -> list[tuple[str, str]]:
    """Return what a refusal says is wrong, and where; nothing else is refused."""
    with pytest.raises(Invalid) as caught:
        _ = when.events
    return [(one.pointer, one.code) for one in caught.value.problems]


def refused_as(when: When) -> Refusal:
    """Return the refusal."""
    with pytest.raises(Refusal) as caught:
        _ = when.events
    return caught.value


def only(deadlines: tuple[Deadline, ...]) -> Deadline:
    """Return the one deadline that runs."""
    (one,) = deadlines
    return one
