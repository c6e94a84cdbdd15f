"""The view of a case: events in, view out."""

from __future__ import annotations

import pytest

from application.record.envelope import Imported, Precision
from domain.admission.events import Admitted, ReferredToAuthority, Refused
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.filing.events import Withdrawn
from domain.negotiation.events import (
    Attachment,
    MessagePosted,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    SellerResponded,
)
from domain.performance.events import Closed
from domain.roles import Party
from projections.case_view.shown_values import MoneyShown, TermsShown
from tests.projections.shown_case import (
    FILED,
    HALF,
    START,
    at,
    given,
)
from tests.samples import PHASES


def test_a_filing_is_told_whole() -> None:
    view = given(FILED)
    assert (view.platform, view.buyer, view.seller) == ("shop", "b-1", "s-1")
    assert view.claim == TermsShown(kind="refund", amount=MoneyShown("129.00", "CNY"))
    assert (view.order.id, view.order.paid) == ("o-1", MoneyShown("129.00", "CNY"))
    assert (view.facts, view.contact) == ("It leaks.", "b@example.com")
    assert (view.opened_at, view.opened_precision) == (at(1), None)
    assert view.imported is None


def test_an_imported_filing_says_where_it_is_from_and_how_exact_its_times_are() -> None:
    source = Imported(system="old", record="77", zone="UTC", precision=Precision.DAY)
    view = given(FILED, imported=source)
    assert view.imported == {"system": "old", "record": "77"}
    assert view.opened_precision == "day"


def test_a_case_that_is_admitted_after_its_refusal_is_open_again() -> None:
    refused = Refused(ground="no-basis", explanation="Unclear.", routes=("court",))
    over = Closed(outcome=Outcome.REFUSED, claim=ClaimResult.NONE)
    ended = given(FILED, refused, over)
    assert ended.refusal is not None
    assert (ended.refusal.ground, ended.refusal.at) == ("no-basis", at(2))
    assert (ended.closed_at, ended.outcome) == (at(3), "refused")
    admitted = given(FILED, refused, over, Admitted(note="After all."))
    assert (admitted.closed_at, admitted.outcome) == (None, None)
    assert admitted.admission_note == "After all."


def test_withdrawal_and_referral_say_why() -> None:
    view = given(FILED, Withdrawn(reason="A new one came."))
    assert view.withdrawal is not None
    assert (view.withdrawal.reason, view.withdrawal.deemed) == (
        "A new one came.",
        False,
    )
    referred = ReferredToAuthority(authority="court", cause="pending", note="2026-77")
    view = given(FILED, referred)
    assert view.referral is not None
    assert (view.referral.authority, view.referral.at) == ("court", at(2))


def test_an_offer_is_replaced_declined_accepted_or_lapses() -> None:
    first = OfferMade(number=1, by=Party.SELLER, terms=HALF)
    second = OfferMade(number=2, by=Party.SELLER, terms=HALF, replaces=1)
    third = OfferMade(number=3, by=Party.PLATFORM, terms=HALF)

    def states(*events: Event) -> list[str]:
        return [one.state for one in given(FILED, first, second, third, *events).offers]

    assert states() == ["replaced", "open", "open"]
    declined = OfferDeclined(number=2, by=Party.BUYER)
    assert states(declined) == ["replaced", "declined", "open"]
    half = OfferAccepted(
        number=3, terms=HALF, by=Party.BUYER, settles=False, obligations=()
    )
    whole = OfferAccepted(
        number=3, terms=HALF, by=Party.SELLER, settles=True, obligations=()
    )
    assert states(half) == ["replaced", "open", "open"]
    assert states(half, whole) == ["replaced", "open", "accepted"]
    settled = given(FILED, first, second, third, half, whole).offers[2]
    assert settled.accepted_by == ("buyer", "seller")
    missed = DeadlineMissed(
        awaited=Awaited.OFFER_ANSWER, party=Party.BUYER, due=START, item=2
    )
    assert states(missed) == ["replaced", "lapsed", "open"]
    closed = Closed(outcome=Outcome.WITHDRAWN, claim=ClaimResult.NONE)
    assert states(half, whole, closed) == ["replaced", "lapsed", "accepted"]


def test_a_response_and_messages_are_told_in_order() -> None:
    file = Attachment(sha256="ab" * 32, size=3, media_type="image/png", name="a.png")
    view = given(
        FILED,
        SellerResponded(position="contest", statement="It left us whole."),
        MessagePosted(number=1, by=Party.BUYER, text="No."),
        MessagePosted(number=2, by=Party.SELLER, text="See.", attachment=file),
    )
    assert view.response is not None
    assert (view.response.position, view.response.at) == ("contest", at(2))
    assert [(one.by, one.text) for one in view.messages] == [
        ("buyer", "No."),
        ("seller", "See."),
    ]
    assert [one.attachment for one in view.messages] == [None, file]


@pytest.mark.parametrize("history", PHASES.values(), ids=map(str, PHASES))
def test_every_event_of_every_phase_has_its_place(
    history: tuple[DisputeEvent, ...],
) -> None:
    view = given(*history)
    assert view.platform == ("shop" if history else "")
