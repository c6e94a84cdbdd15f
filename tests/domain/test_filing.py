"""Filing: what is asked for, over which channels, and who is told (3.1, 4.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.admission.commands import Admit
from domain.admission.events import Admitted
from domain.case.dispute import Dispute, Phase
from domain.case.evolve import fold
from domain.escalation.events import Trigger
from domain.filing.commands import FileDispute
from domain.money import Money
from domain.notices.events import NoticeKind, NoticeServed
from domain.notices.notice import Notice
from domain.policy.codes import Category, Label
from domain.refusals import AlreadyFiled, Conflicted
from domain.roles import Actor, Party, Role
from domain.terms import Terms
from tests.domain.expected_events import FIRST_PROOF, escalated, filed
from tests.domain.stories import (
    of,
    refused_as,
    wrong_places,
)
from tests.samples import (
    ADMITTED,
    BUYER,
    FILE,
    FILED,
    MEDIATOR,
    NOW,
    ORDER,
    PLATFORM,
    RULES,
    play,
)
from tests.scenario import after, given

CATEGORIES = {
    "quality": "not-as-described defect malfunction counterfeit-suspected",
    "delivery": (
        "late-dispatch wrong-item missing-item lost-parcel damaged-in-transit "
        "not-received"
    ),
    "service": "seller-conduct promise-not-kept no-after-sales",
    "return-refund": "refund-blocked return-address freight-cost",
    "invoice": "invoice-refused invoice-wrong",
    "other": "other",
}
CLAIMS = (
    "refund",
    "return-and-refund",
    "reship",
    "replace",
    "repair",
    "price-difference",
    "compensation",
    "reissue-invoice",
    "service-improvement",
)


def received(days: float) -> FileDispute:
    at = NOW - timedelta(days=days)
    return replace(FILE, order=replace(ORDER, received_at=at))


@pytest.mark.standard("3.1 a category and one of its reasons, labelled in zh and en")
@pytest.mark.parametrize("category", CATEGORIES)
def test_a_complaint_has_a_category_and_one_of_its_reasons(category: str) -> None:
    reasons = CATEGORIES[category].split()
    assert set(RULES.codes.categories[category].reasons) == set(reasons)
    for reason in reasons:
        filing = replace(FILE, category=category, reason=reason)
        given().when(filing, by=BUYER).then(filed(category=category, reason=reason))
    foreign = replace(FILE, category=category, reason="defect-of-character")
    assert wrong_places(given().when(foreign, by=BUYER)) == [
        ("/reason", "unknown-code")
    ]


@pytest.mark.standard("3.1 a category and one of its reasons, labelled in zh and en")
def test_every_code_has_words_in_both_languages() -> None:
    labels: list[Label | Category] = []
    for category in RULES.codes.categories.values():
        labels += [category, *category.reasons.values()]
    assert all(label.zh and label.en for label in labels)


@pytest.mark.standard("3.1 nine kinds of claim")
@pytest.mark.parametrize("kind", CLAIMS)
def test_every_claim_of_the_standard_can_be_made(kind: str) -> None:
    money = RULES.codes.remedies[kind].amount
    claim = Terms(kind=kind, amount=Money(100, "CNY") if money else None)
    given().when(replace(FILE, claim=claim), by=BUYER).then(filed(claim=claim))


@pytest.mark.standard("3.2 what a rule can decide is decided at once")
@pytest.mark.standard(
    "3.2 one live dispute; an ended one is re-opened only with new facts"
)
def test_the_same_issue_is_one_live_dispute() -> None:
    refusal = refused_as(after(*FILED).when(FILE, by=BUYER))
    assert isinstance(refusal, AlreadyFiled)


@pytest.mark.standard("4.1 a case comes by one of four channels")
def test_a_buyer_files_by_a_channel_and_staff_on_the_platforms_own() -> None:
    for channel in ("order-page", "service-centre", "api"):
        filing = replace(FILE, channel=channel)
        given().when(filing, by=BUYER).then(filed(channel=channel))
    own = replace(FILE, channel="platform-initiated")
    assert wrong_places(given().when(own, by=BUYER)) == [("/channel", "unknown-code")]
    given().when(own, by=MEDIATOR).then(
        filed(channel="platform-initiated"),
        Admitted(note="Photos follow."),
        escalated(
            Trigger.PLATFORM,
            Party.PLATFORM,
            since="03-02 10:00",
            until="03-05 10:00",
        ),
        FIRST_PROOF,
    )


def test_staff_file_no_case_of_their_own() -> None:
    buyer = Actor(role=Role.MEDIATOR, id="b-1")
    own = replace(FILE, channel="platform-initiated")
    given().when(own, by=buyer).refused(Conflicted, relation="party")


@pytest.mark.standard(
    "4.1 it states order, facts, reason, claim, contact and what proves it"
)
def test_a_filing_keeps_order_facts_claim_contact_and_note() -> None:
    given().when(FILE, by=BUYER).then(filed())


@pytest.mark.standard("4.1 then the seller is served notice")
def test_after_admission_the_seller_is_served_notice() -> None:
    admitted = play(*FILED, (MEDIATOR, Admit()))
    assert fold(admitted).notices == (
        Notice(kind=NoticeKind.ADMISSION, party=Party.SELLER),
    )
    assert len(of(NoticeServed, play(*ADMITTED))) == 1


def test_the_platforms_client_files_for_the_buyer_it_names() -> None:
    agent = replace(PLATFORM, on_behalf_of=Party.BUYER)
    assert fold(given().when(FILE, by=agent).events, Dispute()).phase is Phase.FILED
