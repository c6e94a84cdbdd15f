"""The ruling: liability, remedies, reasons, how much a machine did (4.3.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.case.evolve import fold
from domain.deadlines.commands import ExtendDeadline
from domain.deadlines.deadline import Awaited
from domain.money import Money
from domain.refusals import (
    Conflicted,
    Invalid,
    NotAllowed,
    NotOpen,
    SecondPerson,
    WrongPhase,
)
from domain.roles import Party
from domain.ruling.commands import ApproveRuling, DraftRuling, Rule
from domain.ruling.events import RulingDrafted
from domain.ruling.reasons import Reason, RuleCited
from domain.terms import Terms
from tests.domain.expected_events import owes, ruled
from tests.domain.stories import (
    DAY,
    DISMISS,
    DISMISSAL,
    RETURN,
    SECOND_MEDIATOR,
    automated,
    of,
    owed,
    refused_as,
    running,
    wrong_places,
)
from tests.domain.walked_case import WalkedCase, costly
from tests.sample_commands import COMMANDS
from tests.samples import (
    BUYER,
    FILE,
    HALF,
    MEDIATOR,
    REASON,
    REFUND,
    RULE,
    RULES,
    SELLER,
    SUPERVISOR,
    TO_RULE,
    play,
)
from tests.scenario import When, after, given

FIELDS = Rule.__struct_fields__


@pytest.mark.standard("4.3.4 liability is one of five")
@pytest.mark.parametrize(
    "liability", ["buyer", "seller", "both", "none", "third-party"]
)
def test_liability_is_one_of_five(liability: str) -> None:
    assert len(RULES.codes.liabilities) == 5
    ruling, recorded = replace(RULE, liability=liability), ruled(liability=liability)
    if liability == "buyer":
        ruling = replace(ruling, remedies=(DISMISSAL,))
        recorded = replace(recorded, remedies=(DISMISSAL,), obligations=())
    after(*TO_RULE).when(ruling, by=MEDIATOR).then(recorded)


def ruling_of(**changes: Any) -> When:
    return after(*TO_RULE).when(replace(RULE, **changes), by=MEDIATOR)


def test_the_buyer_alone_is_not_to_blame_where_the_seller_performs() -> None:
    with pytest.raises(Invalid, match="/liability contradicts-remedies"):
        _ = after(*TO_RULE).when(replace(RULE, liability="buyer"), MEDIATOR).events


def test_freight_goes_only_with_goods_that_are_returned() -> None:
    repair = Terms(kind="repair", freight=Party.BUYER)
    with pytest.raises(Invalid, match="/remedies/0/freight not-with-this"):
        _ = after(*TO_RULE).when(replace(RULE, remedies=(repair,)), MEDIATOR).events


@pytest.mark.standard("4.3.4 one remedy or more, with who bears the freight")
@pytest.mark.parametrize(
    ("remedies", "duties"),
    [
        ((REFUND,), [("seller", "pay", 12_900)]),
        ((RETURN,), [("buyer", "return", None), ("seller", "pay", 12_900)]),
        ((Terms(kind="reship"),), [("seller", "ship", None)]),
        ((Terms(kind="replace"),), [("seller", "ship", None)]),
        (
            (Terms(kind="repair"), Terms(kind="compensation", amount=HALF.amount)),
            [("seller", "repair", None), ("seller", "pay", 6_450)],
        ),
        ((Terms(kind="service-improvement"),), [("seller", "improve", None)]),
        ((Terms(kind="reissue-invoice"),), [("seller", "invoice", None)]),
        ((DISMISSAL,), []),
    ],
)
def test_every_remedy_makes_somebody_owe_something_a_dismissal_nothing(
    remedies: tuple[Terms, ...], duties: list[tuple[str, str, int | None]]
) -> None:
    history = play(*TO_RULE, (MEDIATOR, replace(RULE, remedies=remedies)))
    assert owed(fold(history)) == duties


@pytest.mark.standard("4.3.4 one remedy or more, with who bears the freight")
@pytest.mark.parametrize(
    ("ruling", "wrong"),
    [
        (replace(RULE, liability=""), ("/liability", "unknown-code")),
        (replace(RULE, remedies=()), ("/remedies", "required")),
        (replace(RULE, reasons=()), ("/reasons", "required")),
        (replace(RULE, remedies=(REFUND, HALF)), ("/remedies", "above-claim")),
        (
            replace(RULE, remedies=(replace(RETURN, freight=None),)),
            ("/remedies/0/freight", "required"),
        ),
        (
            replace(RULE, reasons=(replace(REASON, relied_on=(7,)),)),
            ("/reasons/0/relied_on", "no-such-evidence"),
        ),
        (
            replace(automated(REFUND), model=None),
            ("/model", "required"),
        ),
    ],
)
def test_a_ruling_that_lacks_something_names_it(
    ruling: Rule, wrong: tuple[str, str]
) -> None:
    for kind in (ruling, DraftRuling(**{f: getattr(ruling, f) for f in FIELDS})):
        assert wrong in wrong_places(after(*TO_RULE).when(kind, by=MEDIATOR))


def test_without_a_claimed_amount_all_money_stays_below_what_was_paid() -> None:
    repair = replace(FILE, claim=Terms(kind="repair"))
    more = (REFUND, Terms(kind="compensation", amount=Money(1, "CNY")))
    history = play((BUYER, repair), *TO_RULE[1:])
    when = given(*history).when(replace(RULE, remedies=more), by=MEDIATOR)
    assert wrong_places(when) == [("/remedies", "above-claim")]


def test_no_party_rules() -> None:
    for party in (BUYER, SELLER):
        after(*TO_RULE).when(RULE, by=party).refused(NotAllowed)
    as_buyer = replace(MEDIATOR, id="b-1")
    after(*TO_RULE).when(RULE, by=as_buyer).refused(Conflicted, relation="party")


def test_the_second_of_two_mediators_ruling_at_once_learns_that_it_is_ruled() -> None:
    second = after(*TO_RULE, (MEDIATOR, RULE)).when(DISMISS, by=SECOND_MEDIATOR)
    refusal = refused_as(second)
    assert isinstance(refusal, WrongPhase)
    assert refusal.details == {"phase": "performing"}


@pytest.mark.standard("4.3.4 reasons lead from issue to rule, with evidence and burden")
def test_reasons_lead_from_the_issue_to_the_rule_and_are_kept() -> None:
    reason = replace(REASON, burden=Party.BUYER)
    ruling = replace(RULE, reasons=(reason,))
    kept = Reason(
        issue="Was the kettle defective?",
        finding="The photos show the crack.",
        rule=RuleCited(id="sample-platform", version="1", article="3"),
        burden=Party.BUYER,
    )
    after(*TO_RULE).when(ruling, by=MEDIATOR).then(ruled(reasons=(kept,)))


@pytest.mark.standard("5 a complex ruling has fifteen days")
def test_there_are_seven_days_to_rule_and_fifteen_in_a_complex_case() -> None:
    assert running(play(*TO_RULE)) == {("ruling", "platform"): 10 * DAY}
    longer = ExtendDeadline(awaited=Awaited.RULING, party=Party.PLATFORM, why="Hard.")
    assert running(play(*TO_RULE, (SUPERVISOR, longer))) == {
        ("ruling", "platform"): 18 * DAY
    }


def test_a_late_ruling_is_noted_and_still_possible() -> None:
    late = after(*TO_RULE, timedelta(days=8))
    assert [one.awaited for one in fold(late.history).missed] == [Awaited.RULING]
    late.when(RULE, by=MEDIATOR).then(ruled())


def test_a_costly_ruling_needs_a_second_person() -> None:
    case = WalkedCase(RULES, costly()).play(*TO_RULE[1:])
    high = replace(RULE, remedies=(costly().claim,))
    given(*case.events).when(high, by=MEDIATOR).refused(
        SecondPerson, limit="5000.00 CNY"
    )
    case.send(MEDIATOR, DraftRuling(**{f: getattr(high, f) for f in FIELDS}))
    given(*case.events).when(ApproveRuling(), by=MEDIATOR).refused(
        Conflicted, relation="drafter"
    )
    given(*case.events).when(ApproveRuling(), by=SECOND_MEDIATOR).then(
        ruled(
            remedies=high.remedies,
            obligations=(owes(900_000),),
            decided_by="m-1",
            approved_by="m-2",
        )
    )


def test_the_latest_draft_is_the_one_that_is_approved() -> None:
    after(*TO_RULE).when(ApproveRuling(), by=MEDIATOR).refused(NotOpen)
    first: DraftRuling = COMMANDS[DraftRuling]  # type: ignore[assignment]
    second = replace(first, remedies=(REFUND,))
    history = after(*TO_RULE, (MEDIATOR, first), (MEDIATOR, second))
    assert len(of(RulingDrafted, history.history)) == 2
    history.when(ApproveRuling(), by=SECOND_MEDIATOR).then(ruled(approved_by="m-2"))
