"""A case that is walked through: commands sent, time passed, facts kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from domain.admission.commands import Admit, ReferOut, Refuse
from domain.appeal.commands import Appeal
from domain.case.actions import Action, possible
from domain.case.command import Command
from domain.case.context import Context, Rulebook
from domain.case.decide import decide
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.deadlines.commands import PassDeadline
from domain.deadlines.timeouts import events_of, overdue
from domain.enforcement.commands import ExecuteEnforcement, OrderEnforcement
from domain.escalation.commands import Escalate
from domain.escalation.events import Trigger
from domain.filing.commands import FileDispute, Withdraw
from domain.inquiries.commands import SendInquiry
from domain.money import Money
from domain.negotiation.commands import AcceptOffer, MakeOffer, RespondToClaim
from domain.notices.events import NoticeKind
from domain.roles import CLOCK, Actor, Party, Role
from tests.domain.command_arguments import fitting
from tests.sample_commands import COMMANDS
from tests.samples import (
    BUYER,
    FILE,
    HALF,
    MEDIATOR,
    NOW,
    PLATFORM,
    RULE,
    SELLER,
    SUPERVISOR,
    Step,
    serve,
)

OTHERS = (
    Actor(role=Role.MEDIATOR, id="m-2"),
    Actor(role=Role.SUPERVISOR, id="v-2"),
    Actor(role=Role.PLATFORM, id="p-1", on_behalf_of=Party.BUYER),
    Actor(role=Role.PLATFORM, id="p-1", on_behalf_of=Party.SELLER),
)
CAST = (BUYER, SELLER, MEDIATOR, SUPERVISOR, PLATFORM, CLOCK, *OTHERS)
RESERVE = (
    Actor(role=Role.MEDIATOR, id="m-9"),
    *(Actor(role=Role.SUPERVISOR, id=f"v-{number}") for number in (7, 8, 9)),
)
"""There is always somebody at the platform who has nothing to do with a case."""

ENDERS = frozenset({ReferOut, Refuse, Withdraw})
WAITS = tuple(
    timedelta(hours=hours) for hours in (0.1, 1, 5, 24, 24, 48, 72, 168, 400, 2400)
)


_TO_SELLER: tuple[Step, ...] = (
    (MEDIATOR, Admit()),
    serve(NoticeKind.ADMISSION, Party.SELLER),
)
_CONTESTED: tuple[Step, ...] = (
    *_TO_SELLER,
    (SELLER, RespondToClaim(position="contest", statement="No.")),
)
_TO_RULE: tuple[Step, ...] = (
    *_CONTESTED,
    (BUYER, Escalate(trigger=Trigger.NO_AGREEMENT)),
    timedelta(days=10),
)
_RULED: tuple[Step, ...] = (
    *_TO_RULE,
    (MEDIATOR, RULE),
    serve(NoticeKind.RULING, Party.SELLER),
    serve(NoticeKind.RULING, Party.BUYER),
)
_DEFAULT: tuple[Step, ...] = (*_RULED, timedelta(days=3), timedelta(days=2))
_ORDER = OrderEnforcement(obligation=1, method="advance")
_INQUIRY = SendInquiry(kind="carrier", addressee="SF", question="Where?")
RULED_STARTS = frozenset({"ruled", "in default", "advanced", "appealed", "broken"})
"""Starts that fit a case of which one person may decide alone."""

STARTS: dict[str, tuple[Step, ...]] = {
    "filed": (),
    "admitted": _TO_SELLER,
    "offered": (*_CONTESTED, (SELLER, MakeOffer(terms=HALF))),
    "escalated": _TO_RULE[:-1],
    "to rule": _TO_RULE,
    "ruled": _RULED,
    "in default": _DEFAULT,
    "advanced": (
        *_DEFAULT,
        (MEDIATOR, replace(_ORDER, amount=Money(5_000, "CNY"))),
        (MEDIATOR, ExecuteEnforcement(number=1, reference="dep-77")),
    ),
    "appealed": (*_RULED, (SELLER, COMMANDS[Appeal])),
    "broken": (
        *_TO_RULE,
        (SELLER, MakeOffer(terms=HALF)),
        (BUYER, AcceptOffer(number=1)),
        timedelta(days=2),
        timedelta(days=1),
    ),
    "inspected": (
        *_TO_RULE[:-1],
        (SELLER, MakeOffer(terms=HALF)),
        (MEDIATOR, replace(_INQUIRY, kind="inspection")),
    ),
    "refused": (
        (MEDIATOR, COMMANDS[Refuse]),
        serve(NoticeKind.REFUSAL, Party.BUYER),
    ),
}


class WalkedCase:
    """A case under some rules, and the time that it is there."""

    def __init__(self, rules: Rulebook, filing: FileDispute = FILE) -> None:
        self.rules = rules
        self.now: datetime = NOW
        self.events: tuple[DisputeEvent, ...] = ()
        self.dispute = Dispute()
        self.send(BUYER, filing)

    def context(self, actor: Actor) -> Context:
        about = self.dispute
        return Context(
            actor=actor,
            now=self.now,
            rules=self.rules,
            category=about.category,
            reason=about.reason,
        )

    def play(self, *steps: Step) -> WalkedCase:
        for step in steps:
            if isinstance(step, timedelta):
                self.wait(step)
            else:
                self.send(*step)
        return self

    def send(self, actor: Actor, command: Command) -> tuple[DisputeEvent, ...]:
        events = decide(command, self.dispute, self.context(actor))
        self._record(events)
        return events

    def wait(self, length: timedelta) -> None:
        self.now += length
        self._record(events_of(overdue(self.dispute, self.context(CLOCK))))

    def offered(self, actor: Actor) -> tuple[Action, ...]:
        return possible(self.dispute, self.context(actor))

    def fitting(self, action: Action, actor: Actor, rng: Random) -> Command | None:
        if action.command is PassDeadline:
            return _passing(self.dispute)
        return fitting(action, self.dispute, self.context(actor), rng)

    def act(self, rng: Random, cast: tuple[Actor, ...] = CAST) -> None:
        """Let somebody do something that the case offers."""
        moves = [*self._moves(rng, cast)]
        if not moves:
            return
        actor, action = rng.choice(moves)
        command = self.fitting(action, actor, rng)
        if command is not None:
            self.send(actor, command)

    def _moves(
        self, rng: Random, cast: tuple[Actor, ...]
    ) -> Iterator[tuple[Actor, Action]]:
        ending = rng.random() < 0.03
        actor = rng.choice(cast)
        for action in self.offered(actor):
            if ending or action.command not in ENDERS:
                yield actor, action

    def _record(self, events: tuple[DisputeEvent, ...]) -> None:
        self.events += events
        self.dispute = fold(events, self.dispute)


def _passing(dispute: Dispute) -> PassDeadline | None:
    if not dispute.deadlines:
        return None
    one = dispute.deadlines[0]
    return PassDeadline(
        awaited=one.awaited, party=one.party, due=one.due, item=one.item
    )


def costly() -> FileDispute:
    """Return a filing about more than one person may decide alone."""
    paid = replace(FILE.order.paid, amount=900_000)
    claim = replace(FILE.claim, amount=paid)
    return replace(FILE, order=replace(FILE.order, paid=paid), claim=claim)
