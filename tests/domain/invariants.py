"""What is true of every case at every moment."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random

import msgspec
from msgspec import Struct

from domain.admission.events import ReferredToAuthority, Refused
from domain.appeal.events import AppealDecided
from domain.case.decide import decide
from domain.case.dispute import Dispute, Phase
from domain.case.events import DisputeEvent
from domain.case.evolve import fold
from domain.case.lifecycle import LIFECYCLE
from domain.case.outcome import Outcome
from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.events import DeadlineMissed
from domain.deadlines.ledger import deadline_ledger
from domain.deadlines.waiting_on import waiting_on
from domain.enforcement.case_ledger import Account, balance
from domain.enforcement.events import EnforcementExecuted, EnforcementFailed
from domain.filing.events import Withdrawn
from domain.negotiation.events import OfferAccepted, SellerResponded
from domain.performance.events import Closed
from domain.refusals import Refusal
from domain.roles import Role
from domain.ruling.events import Ruled
from tests.domain.walked_case import CAST, WalkedCase
from tests.sample_commands import COMMANDS
from tests.samples import NOW

CAUSES = {
    Outcome.SETTLED: (OfferAccepted, SellerResponded),
    Outcome.RULED: (Ruled, AppealDecided),
    Outcome.ENFORCED: (EnforcementExecuted,),
    Outcome.ENFORCEMENT_FAILED: (EnforcementFailed,),
    Outcome.WITHDRAWN: (Withdrawn,),
    Outcome.REFUSED: (Refused,),
    Outcome.REFERRED: (ReferredToAuthority,),
}

MOST_CONTESTED = 2
BY_ROLE = {
    role: frozenset(kind for kind, row in LIFECYCLE.items() if role in row.roles)
    for role in Role
}


def hold(case: WalkedCase) -> None:
    money_balances(case.dispute)
    somebody_is_waited_for(case)
    deadlines_fire_in_time_and_once(case)
    deadlines_are_about_something(case.dispute)
    what_is_over_is_over(case.dispute)
    closing_has_a_ground(case)
    state_is_kept_whole(case.dispute)
    what_stands_still_can_go_on(case)


def hold_at_the_end(case: WalkedCase) -> None:
    hold(case)
    state_is_what_the_facts_say(case)


def what_stands_still_can_go_on(case: WalkedCase) -> None:
    """Hold the ledger to the state: what it calls held, a pause holds, and no more."""
    happened = (
        Happening(version, event) for version, event in enumerate(case.events, 1)
    )
    held = Counter(
        entry.key for entry in deadline_ledger(happened) if entry.state == "held"
    )
    pauses = Counter(one.key for pause in case.dispute.pauses for one in pause.held)
    assert held == pauses
    assert case.dispute.phase is not Phase.CLOSED or not held


class Happening(Struct, frozen=True):
    """An event, at a time that does not matter."""

    version: int
    event: DisputeEvent
    at: datetime = NOW
    recorded_at: datetime = NOW


def money_balances(dispute: Dispute) -> None:
    assert sum(balance(dispute.postings, one) for one in Account) == 0
    assert balance(dispute.postings, Account.PLATFORM) <= 0
    assert all(one.amount > 0 for one in dispute.postings)
    for duty in dispute.duties:
        if duty.owed.duty in {"pay", "pay-back"} and duty.owed.amount:
            assert duty.paid <= duty.owed.amount.amount
    assert dispute.paid is not None
    assert 0 <= balance(dispute.postings, Account.BUYER) <= dispute.paid.amount


def somebody_is_waited_for(case: WalkedCase) -> None:
    waiting = waiting_on(case.dispute)
    assert (waiting is None) is (case.dispute.phase is Phase.CLOSED)
    if waiting is not None and waiting.due is None:
        assert waiting.awaited == "service", waiting


def deadlines_fire_in_time_and_once(case: WalkedCase) -> None:
    missed = [
        recorded for recorded in case.events if isinstance(recorded, DeadlineMissed)
    ]
    assert all(
        recorded.due is not None and recorded.due <= case.now for recorded in missed
    )
    assert all(one.due > case.now for one in case.dispute.deadlines)
    times = Counter((one.awaited, one.party, one.item, one.due) for one in missed)
    assert set(times.values()) <= {1}
    keys = Counter(one.key for one in case.dispute.deadlines)
    assert set(keys.values()) <= {1}


def what_is_over_is_over(dispute: Dispute) -> None:
    held = [one for pause in dispute.pauses for one in pause.held]
    for deadline in (*dispute.deadlines, *held):
        if deadline.awaited is Awaited.APPEAL:
            assert deadline.party not in dispute.appealed
    open_ = {duty.owed.number for duty in dispute.duties if not duty.is_over}
    ordered = {one.obligation for one in dispute.enforcements if one.pending}
    assert ordered <= open_
    for duty in dispute.duties:
        assert duty.contested <= MOST_CONTESTED


def deadlines_are_about_something(dispute: Dispute) -> None:
    held = [one for pause in dispute.pauses for one in pause.held]
    for deadline in (*dispute.deadlines, *dispute.missed, *held):
        assert deadline.item in _numbers(deadline, dispute), deadline


def _numbers(deadline: Deadline, dispute: Dispute) -> set[int | None]:
    match deadline.awaited:
        case Awaited.OFFER_ANSWER:
            return {one.number for one in dispute.offers}
        case Awaited.VOLUNTARY | Awaited.ENFORCEMENT:
            late = (d for d in dispute.duties if d.defaulted and not d.is_over)
            return {duty.owed.number for duty in late}
        case Awaited.PERFORMANCE:
            open_ = (d for d in dispute.duties if not (d.reported or d.is_over))
            return {duty.owed.number for duty in open_}
        case Awaited.CONFIRMATION:
            reported = (d for d in dispute.duties if d.reported and not d.is_over)
            return {duty.owed.number for duty in reported}
        case Awaited.INQUIRY | Awaited.INSPECTION:
            return {one.number for one in dispute.inquiries if not one.answered}
        case Awaited.PUBLICATION:
            return {
                one.number
                for one in dispute.sanctions
                if not (one.end_published if one.lifted else one.published)
            }
        case _:
            return {None}


def closing_has_a_ground(case: WalkedCase) -> None:
    if case.dispute.phase is not Phase.CLOSED:
        return
    outcome = case.dispute.outcome
    assert outcome is not None
    last = [recorded for recorded in case.events if isinstance(recorded, Closed)][-1]
    assert last.outcome is outcome
    assert any(isinstance(recorded, CAUSES[outcome]) for recorded in case.events)


def state_is_kept_whole(dispute: Dispute) -> None:
    kept = msgspec.json.encode(dispute)
    assert msgspec.json.decode(kept, type=Dispute) == dispute


def state_is_what_the_facts_say(case: WalkedCase) -> None:
    assert fold(case.events) == case.dispute


def whatever_is_offered_is_accepted(case: WalkedCase, rng: Random) -> None:
    for actor in CAST:
        for action in case.offered(actor):
            command = case.fitting(action, actor, rng)
            if command is not None:
                decide(command, case.dispute, case.context(actor))


def nothing_else_is_accepted(case: WalkedCase) -> None:
    for actor in CAST:
        offered = {action.command for action in case.offered(actor)}
        # What a role may never do is refused whatever the case: the cells show that.
        for kind in BY_ROLE[actor.acts_as] - offered:
            try:
                events = decide(COMMANDS[kind], case.dispute, case.context(actor))
            except Refusal:
                continue
            assert case.dispute.phase in LIFECYCLE[kind].phases, (kind, actor)
            assert events == (), (kind, actor)
