"""What is accepted and what is refused, by whom, and what then is open (3, 4.1)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.admission.commands import ReferOut, Refuse
from domain.admission.events import ReferredToAuthority, Refused
from domain.appeal.commands import Appeal
from domain.case.actions import possible
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.deadline import Awaited
from domain.deadlines.waiting_on import Waiting, waiting_on
from domain.filing.commands import FileDispute, Withdraw
from domain.filing.decide import eligibility
from domain.filing.events import Withdrawn
from domain.notices.events import NoticeKind
from domain.performance.events import Closed
from domain.refusals import Invalid, WrongPhase
from domain.roles import Party
from tests.domain.expected_events import filed, shanghai
from tests.domain.stories import wrong_places
from tests.samples import (
    ADMITTED,
    BUYER,
    CLOSED,
    ESCALATED,
    FILE,
    FILED,
    MEDIATOR,
    NEGOTIATING,
    NOW,
    ORDER,
    RULING_SERVED,
    SELLER,
    Step,
    context,
    play,
    serve,
)
from tests.scenario import after, given

GROUNDS = ("late", "no-basis", "settled-or-pending", "abusive", "out-of-scope")
REFUSED: tuple[Step, ...] = (
    *FILED,
    (MEDIATOR, Refuse(ground="abusive", explanation="Again.", routes=("court",))),
    serve(NoticeKind.REFUSAL, Party.BUYER),
)


def refused_by_rule(ground: str) -> tuple[Refused, Closed]:
    """Return what follows a filing that a rule refuses at once."""
    refusal = Refused(
        ground=ground,
        routes=("consumer-association", "market-regulator", "court"),
        rule=f"cn-default/1#{ground}",
    )
    return refusal, Closed(outcome=Outcome.REFUSED, claim=ClaimResult.NONE)


def received(days: float) -> FileDispute:
    at = NOW - timedelta(days=days)
    return replace(FILE, order=replace(ORDER, received_at=at))


@pytest.mark.standard("3.2 five grounds of refusal")
@pytest.mark.parametrize("ground", GROUNDS)
def test_a_mediator_refuses_on_a_ground_of_the_standard(ground: str) -> None:
    refusal = Refuse(ground=ground, explanation="Because.", routes=("court",))
    after(*FILED).when(refusal, by=MEDIATOR).then(
        Refused(
            ground=ground,
            explanation="Because.",
            routes=("court",),
            decided_by="m-1",
        ),
        Closed(outcome=Outcome.REFUSED, claim=ClaimResult.NONE),
    )


@pytest.mark.standard("3.2 the sixth: illegal goods, also referred to the authority")
def test_illegal_goods_are_refused_and_referred_to_the_authority() -> None:
    refusal = Refuse(ground="illegal-goods", explanation="Fake.", routes=("police",))
    after(*FILED).when(refusal, by=MEDIATOR).then(
        Refused(
            ground="illegal-goods",
            explanation="Fake.",
            routes=("police",),
            decided_by="m-1",
        ),
        ReferredToAuthority(
            authority="market-regulator", cause="illegal-goods", note="Fake."
        ),
        Closed(outcome=Outcome.REFERRED, claim=ClaimResult.NONE),
    )


@pytest.mark.standard("3.2 a refusal has ground, words and other routes")
def test_a_refusal_without_words_is_none() -> None:
    refusal = Refuse(ground="abusive", explanation=" ", routes=("court",))
    when = after(*FILED).when(refusal, by=MEDIATOR)
    assert wrong_places(when) == [("/explanation", "required")]


@pytest.mark.standard("3.2 what a rule can decide is decided at once")
def test_rules_refuse_at_once_what_is_filed_too_late() -> None:
    in_time, late = received(15), received(15.01)
    given().when(in_time, by=BUYER).then(filed(received_at=in_time.order.received_at))
    given().when(late, by=BUYER).then(
        filed(received_at=late.order.received_at), *refused_by_rule("late")
    )


def test_the_window_runs_from_the_promise_where_nothing_was_received() -> None:
    promised = replace(ORDER, promised_at=NOW - timedelta(days=16))
    filing = replace(FILE, order=promised)
    given().when(filing, by=BUYER).then(
        filed(promised_at=promised.promised_at), *refused_by_rule("late")
    )


@pytest.mark.standard("3.2 what a rule can decide is decided at once")
@pytest.mark.parametrize("facts", ["?? !!", "bad", "漏水", "坏 !!!!!!!", "⌫⌫⌫⌫⌫⌫"])
def test_what_states_no_facts_is_not_taken_in_and_its_buyer_can_say_more(
    facts: str,
) -> None:
    filing = replace(FILE, facts=facts)
    given().when(filing, by=BUYER).refused(Invalid, **{"/facts": "no-facts"})
    again = replace(FILE, number=2, reopens=UUID(int=7), new_facts=facts)
    given().when(again, by=BUYER).refused(Invalid, **{"/new_facts": "no-facts"})


@pytest.mark.parametrize("facts", ["leaks", "漏水了", "壶漏a", "1 2 3 4 5", "𠮷𠮷𠮷"])
def test_a_few_chinese_characters_state_facts(facts: str) -> None:
    given().when(replace(FILE, facts=facts), by=BUYER).then(filed(facts=facts))


@pytest.mark.standard("3.2 the rest waits for a mediator")
def test_what_rules_cannot_decide_waits_for_a_mediator() -> None:
    waiting = waiting_on(fold(play(*FILED)))
    due = shanghai("03-04 00:00")
    assert waiting == Waiting(Party.PLATFORM, Awaited.ADMISSION, due)


def test_eligibility_is_told_without_filing() -> None:
    fine = eligibility(received(1), context(BUYER))
    assert (fine.ground, fine.problems) == (None, ())
    assert fine.until == NOW + timedelta(days=14)
    assert eligibility(received(20), context(BUYER)).ground == "late"


@pytest.mark.standard(
    "4 any live case may be withdrawn until decided, settled, rest, or go elsewhere"
)
def test_a_buyer_withdraws_until_it_is_decided() -> None:
    for steps in (FILED, ADMITTED, NEGOTIATING, ESCALATED):
        after(*steps).when(Withdraw(), by=BUYER).then(
            Withdrawn(), Closed(outcome=Outcome.WITHDRAWN, claim=ClaimResult.NONE)
        )
    after(*RULING_SERVED).when(Withdraw(), by=BUYER).refused(WrongPhase)


@pytest.mark.standard(
    "4 any live case may be withdrawn until decided, settled, rest, or go elsewhere"
)
def test_any_live_case_can_be_referred_out_and_is_over_here() -> None:
    refer = ReferOut(authority="court", note="A claim is pending.")
    for steps in (FILED, ADMITTED, ESCALATED, RULING_SERVED):
        after(*steps).when(refer, by=MEDIATOR).then(
            ReferredToAuthority(
                authority="court", cause="referred", note="A claim is pending."
            ),
            Closed(outcome=Outcome.REFERRED, claim=ClaimResult.NONE),
        )
    after(*CLOSED).when(refer, by=MEDIATOR).refused(WrongPhase)


def test_a_case_that_was_referred_out_is_not_appealed_here() -> None:
    refer = ReferOut(authority="court", note="A claim is pending.")
    referred = fold(play(*RULING_SERVED, (MEDIATOR, refer)))
    offered = {one.command for one in possible(referred, context(SELLER))}
    assert Appeal not in offered
