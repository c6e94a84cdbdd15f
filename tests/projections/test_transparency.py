"""What each event changes of the figures' row of its case."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from domain.admission.events import Admitted, ReferredToAuthority, Refused
from domain.appeal.events import AppealDecided, AppealFiled, AppealRefused
from domain.case.event import Event
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import ClocksPaused, DeadlineMissed
from domain.deadlines.time_limits import LimitName
from domain.enforcement.events import (
    AdvanceRecovered,
    EnforcementExecuted,
    EnforcementFailed,
)
from domain.escalation.events import Escalated
from domain.evidence.events import EvidenceSubmitted
from domain.filing.events import Filed
from domain.imports.events import Corrected, ImportWithdrawn
from domain.money import Money
from domain.negotiation.events import OfferAccepted, OfferMade, SellerResponded
from domain.notices.events import NoticeKind, NoticeServed
from domain.performance.events import Closed, Defaulted, ObligationConfirmed
from domain.roles import Party
from domain.ruling.events import HumanReviewRequested, Ruled
from domain.ruling.reasons import RuleCited
from domain.sanctions.events import SanctionImposed
from domain.suspension.events import Suspended
from domain.terms import Obligation, Terms
from projections.figures.decision_basis import cited_as
from projections.figures.transparency import TRANSPARENCY
from tests.projections.first_figures import FIRST, changed
from tests.projections.scenario import at, given
from tests.sample_events import EVENTS, FILED, KINDS, REPAIR, START

# What the sample of a kind changes as the second event of the case.
CHANGES: dict[type[Event], dict[str, Any]] = {
    Admitted: {"admitted_at": at(2), "admission_at": at(2)},
    Refused: {
        "refused_on": "abusive",
        "decider": "m-1",
        "admission_at": at(2),
        "cited": "ground:abusive",
    },
    ReferredToAuthority: {"referred_to": "court"},
    ClocksPaused: {"pauses": 1, "paused_since": START},
    NoticeServed: {"notified": True, "notified_at": at(2)},
    SellerResponded: {"answered": True, "answered_at": at(2), "position": "contest"},
    OfferMade: {"offers": 1},
    OfferAccepted: {"agreed_at": at(2), "awarded": 6_450},
    Escalated: {
        "escalated": True,
        "escalated_at": at(2),
        "escalated_on": "no-agreement",
    },
    Ruled: {
        "ruled_at": at(2),
        "decider": "m-1",
        "liability": "seller",
        "ruled_liability": "seller",
        "cited": "sample-platform/1:3",
        "evidence": "",
        "remedies": "refund repair",
        "automation": "assisted",
        "owed": True,
        "awarded": 6_450,
        "unpaid": 6_450,
    },
    DeadlineMissed: {"response_missed": True},
    Closed: {
        "closed": True,
        "closed_at": at(2),
        "outcome": "ruled",
        "claim": "met",
    },
    AppealFiled: {"appealed_at": at(2), "seller_appealed_at": at(2)},
    AppealRefused: {"appeal_refused_at": at(2)},
    AppealDecided: {
        "appeal_decided_at": at(2),
        "appeal_result": "varied",
        "appeal_decider": "m-1",
        "liability": "both",
        "awarded": 6_450,
    },
    HumanReviewRequested: {"reviewed": True},
    Suspended: {"suspended": True, "pauses": 1, "paused_since": START},
    Defaulted: {"defaulted": True},
    EnforcementExecuted: {"advanced": 12_900, "paid": 12_900},
    AdvanceRecovered: {"recovered": 6_450},
    Corrected: {"category": "logistics"},
    SanctionImposed: {"sanctions": 1, "sanction_kinds": "warning"},
}


def test_a_filing_says_where_when_and_what_about() -> None:
    given(TRANSPARENCY, FILED).then(FIRST)


@pytest.mark.parametrize(
    "kind", sorted(KINDS - {Filed}, key=str), ids=lambda kind: kind.__name__
)
def test_an_event_is_the_milestone_that_it_is_or_none(kind: type[Event]) -> None:
    # A case that was set aside is in no figure.
    rows = () if kind is ImportWithdrawn else (changed(**CHANGES.get(kind, {})),)
    given(TRANSPARENCY, FILED, EVENTS[kind]).then(*rows)


MISSED = {
    Awaited.ADMISSION: {"admission_missed": True},
    Awaited.RESPONSE: {"response_missed": True},
    Awaited.RULING: {"ruling_missed": True},
    Awaited.PERFORMANCE: {"performance_missed": True},
}


@pytest.mark.parametrize("awaited", Awaited)
def test_a_missed_deadline_counts_where_a_figure_asks_for_it(awaited: Awaited) -> None:
    missed = DeadlineMissed(awaited=awaited, party=Party.PLATFORM, due=at(1))
    late = MISSED.get(awaited, {}) | {"platform_missed": True}
    given(TRANSPARENCY, FILED, missed).then(changed(**late))
    of_seller = replace(missed, party=Party.SELLER)
    given(TRANSPARENCY, FILED, of_seller).then(changed(**MISSED.get(awaited, {})))


@pytest.mark.parametrize("kind", sorted({*NoticeKind} - {NoticeKind.ADMISSION}))
def test_only_the_notice_of_admission_counts_as_notified(kind: NoticeKind) -> None:
    served = NoticeServed(notice=kind, party=Party.SELLER, channel="in-site")
    given(TRANSPARENCY, FILED, served).then(FIRST)


def test_an_accepted_claim_is_agreed_at_once() -> None:
    owed = Obligation(
        number=1,
        debtor=Party.SELLER,
        duty="pay",
        limit=LimitName.PERFORMANCE_MONEY,
        amount=Money(12_900, "CNY"),
    )
    accepted = SellerResponded(position="accept", obligations=(owed,))
    given(TRANSPARENCY, FILED, accepted).then(
        changed(
            answered=True,
            answered_at=at(2),
            position="accept",
            agreed_at=at(2),
            owed=True,
            awarded=12_900,
            unpaid=12_900,
        )
    )


def test_a_proposal_that_one_side_accepts_is_not_agreed_yet() -> None:
    half = replace(EVENTS[OfferAccepted], settles=False)
    given(TRANSPARENCY, FILED, half).then(FIRST)


def test_money_agreed_on_a_claim_without_money_tells_the_currency() -> None:
    bare = replace(FILED, claim=REPAIR, paid=None)
    agreed = Terms(kind="refund", amount=Money(5_000, "USD"))
    accepted = OfferAccepted(number=1, by=Party.BUYER, terms=agreed, obligations=())
    given(TRANSPARENCY, bare, accepted).then(
        changed(claimed=None, currency="USD", agreed_at=at(2), awarded=5_000)
    )


def test_what_was_paid_tells_the_currency_of_a_claim_without_money() -> None:
    given(TRANSPARENCY, replace(FILED, claim=REPAIR)).then(changed(claimed=None))


def test_one_deemed_confirmation_makes_a_case_confirmed_by_silence() -> None:
    confirmed = EVENTS[ObligationConfirmed]
    deemed = replace(confirmed, deemed=True)
    for story in ((deemed,), (deemed, confirmed), (confirmed, deemed)):
        row = changed(confirmed_by_silence=True)
        given(TRANSPARENCY, FILED, *story).then(row)


def test_only_money_in_advance_is_advanced_and_all_of_it_adds_up() -> None:
    advance = EVENTS[EnforcementExecuted]
    deposit = replace(advance, method="deduct-deposit")
    recovered = EVENTS[AdvanceRecovered]
    given(TRANSPARENCY, FILED, advance, deposit, advance, recovered, recovered).then(
        changed(advanced=25_800, recovered=12_900, paid=38_700)
    )


def test_two_appeals_began_with_the_first() -> None:
    appeal = EVENTS[AppealFiled]
    given(TRANSPARENCY, FILED, appeal, appeal).then(
        changed(appealed_at=at(2), seller_appealed_at=at(3))
    )


def test_an_appeal_is_about_what_was_decided_before_it() -> None:
    other = replace(EVENTS[Ruled], decided_by="m-9", reasons=())
    (row,) = given(
        TRANSPARENCY, FILED, EVENTS[Ruled], EVENTS[AppealDecided], other
    ).rows
    assert (row.appealed_decider, row.appealed_cited) == ("m-1", "sample-platform/1:3")
    assert (row.decider, row.cited, row.ruled_liability) == ("m-9", "", "seller")


def test_a_ruling_has_the_evidence_that_was_handed_in() -> None:
    photo: Any = EVENTS[EvidenceSubmitted]
    draft = replace(photo, number=2, kind="other", draft=True)
    late = replace(photo, number=4, kind="invoice")
    twice = replace(photo, number=3)
    before = (photo, draft, twice)
    (row,) = given(TRANSPARENCY, FILED, *before, EVENTS[Ruled], late).rows
    assert row.evidence == photo.kind


def test_what_an_imported_decision_cites_stays_one_word() -> None:
    assert cited_as(RuleCited(id="art. 18", version="of 1990")) == "art._18/of_1990"


def test_every_kind_of_sanction_is_named_once() -> None:
    first = EVENTS[SanctionImposed]
    others = replace(first, number=2), replace(first, number=3, kind="restriction")
    (row,) = given(TRANSPARENCY, FILED, first, *others).rows
    assert (row.sanctions, row.sanction_kinds) == (3, "restriction warning")


def test_what_is_performed_is_paid_and_what_fails_stays_owed() -> None:
    ruled: Any = EVENTS[Ruled]
    pay = next(one.number for one in ruled.obligations if one.duty == "pay")
    confirmed = replace(EVENTS[ObligationConfirmed], obligation=pay)
    (row,) = given(TRANSPARENCY, FILED, ruled, confirmed).rows
    assert (row.paid, row.unpaid) == (6_450, 0)
    part = replace(
        EVENTS[EnforcementExecuted],
        obligation=pay,
        amount=Money(4_000, "CNY"),
        discharges=False,
    )
    failed = replace(EVENTS[EnforcementFailed], obligation=pay, final=True)
    (row,) = given(TRANSPARENCY, FILED, ruled, part, failed).rows
    assert (row.paid, row.unpaid) == (4_000, 2_450)
