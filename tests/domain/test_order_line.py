"""The money of an order line over all its cases (B1 of the trials)."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from domain.case.actions import possible
from domain.case.context import Context
from domain.case.decide import decide
from domain.case.evolve import fold
from domain.filing.decide import eligibility
from domain.money import Money
from domain.negotiation.commands import AcceptOffer, MakeOffer, RespondToClaim
from domain.policy.profile import AboveLine
from domain.refusals import Invalid, NoGround, SecondPerson
from domain.roles import Actor
from domain.ruling.commands import ApproveRuling, DraftRuling
from domain.ruling.events import Ruled
from tests.samples import (
    ADMITTED,
    BUYER,
    FILE,
    HALF,
    MEDIATOR,
    NEGOTIATING,
    OFFERED,
    REFUND,
    RULE,
    SELLER,
    SUPERVISOR,
    TO_RULE,
    context,
    play_until,
)

ALL, TWO_THIRDS, HALF_OF_IT = 12_900, 8_600, 6_450


def beside(granted: int, actor: Actor, *, policy: AboveLine | None = None) -> Context:
    """Return what the actor may know where other cases have granted so much."""
    made = replace(context(actor), granted_elsewhere=granted)
    if policy is None:
        return made
    rules = replace(made.rules, policy=replace(made.rules.policy, above_line=policy))
    return replace(made, rules=rules)


def test_a_claim_is_for_what_is_left_of_the_price() -> None:
    nothing = fold(())
    decide(FILE, nothing, beside(0, BUYER))
    with pytest.raises(Invalid, match="above-line"):
        decide(FILE, nothing, beside(ALL, BUYER))
    decide(replace(FILE, claim=HALF), nothing, beside(HALF_OF_IT, BUYER))
    (problem,) = eligibility(FILE, beside(HALF_OF_IT, BUYER)).problems
    assert problem.pointer == "/claim/amount"
    assert problem.details == {"limit": "64.50", "granted": "64.50", "currency": "CNY"}


def test_a_ruling_above_what_is_left_is_refused() -> None:
    dispute = fold(play_until(*TO_RULE)[0])
    with pytest.raises(Invalid, match="/remedies above-line"):
        decide(RULE, dispute, beside(1, MEDIATOR))
    with pytest.raises(Invalid, match="/remedies above-line"):
        decide(_draft(), dispute, beside(1, MEDIATOR))
    half = replace(RULE, remedies=(HALF,))
    decide(half, dispute, beside(HALF_OF_IT, MEDIATOR))
    with pytest.raises(Invalid, match="/remedies above-line"):
        decide(half, dispute, beside(TWO_THIRDS, MEDIATOR))


def test_where_the_policy_says_so_a_second_person_may_rule_above_it() -> None:
    dispute = fold(play_until(*TO_RULE)[0])
    two = AboveLine.SECOND_PERSON
    with pytest.raises(SecondPerson, match=r"43\.00 CNY"):
        decide(RULE, dispute, beside(TWO_THIRDS, MEDIATOR, policy=two))
    drafted = decide(_draft(), dispute, beside(TWO_THIRDS, MEDIATOR, policy=two))
    approving = beside(TWO_THIRDS, SUPERVISOR, policy=two)
    (ruled, *_) = decide(ApproveRuling(), fold(drafted, dispute), approving)
    assert isinstance(ruled, Ruled)
    assert ruled.remedies == (REFUND,)


def test_no_offer_and_no_acceptance_goes_above_it() -> None:
    admitted = fold(play_until(*ADMITTED)[0])
    accept = RespondToClaim(position="accept")
    with pytest.raises(Invalid, match="/position above-line"):
        decide(accept, admitted, beside(1, SELLER))
    offer = RespondToClaim(position="offer", offer=HALF)
    with pytest.raises(Invalid, match="/offer/amount above-line"):
        decide(offer, admitted, beside(TWO_THIRDS, SELLER))
    negotiating = fold(play_until(*NEGOTIATING)[0])
    with pytest.raises(Invalid, match="/terms/amount above-line"):
        decide(MakeOffer(terms=HALF), negotiating, beside(TWO_THIRDS, SELLER))
    decide(MakeOffer(terms=HALF), negotiating, beside(HALF_OF_IT, SELLER))


def test_an_offer_that_another_case_overtook_cannot_be_accepted() -> None:
    dispute = fold(play_until(*OFFERED)[0])
    taken = beside(TWO_THIRDS, BUYER)
    with pytest.raises(NoGround, match="above-line"):
        decide(AcceptOffer(number=1), dispute, taken)
    offered = {one.command for one in possible(dispute, taken)}
    assert AcceptOffer not in offered
    assert AcceptOffer in {one.command for one in possible(dispute, beside(0, BUYER))}


def test_what_is_no_money_is_not_held_to_the_price() -> None:
    repair = replace(FILE, claim=replace(REFUND, kind="repair", amount=None))
    decide(repair, fold(()), beside(ALL, BUYER))
    assert Money(ALL, "CNY") == FILE.order.paid


def _draft() -> DraftRuling:
    return DraftRuling(
        liability=RULE.liability, remedies=RULE.remedies, reasons=RULE.reasons
    )
