"""What decisions change of the figures of a case that was closed or ruled."""

from __future__ import annotations

from msgspec.structs import replace

from domain.admission.events import Admitted, Refused
from domain.appeal.events import AppealDecided, AppealResult
from domain.case.outcome import ClaimResult, Outcome
from domain.performance.events import Closed
from domain.ruling.events import HumanReviewRequested, Ruled
from projections.figures.transparency import TRANSPARENCY
from tests.projections.first_figures import changed
from tests.projections.scenario import at, given
from tests.sample_events import CLOSED, EVENTS, FILED

OVER = {"closed": True, "closed_at": at(2), "outcome": "ruled", "claim": "met"}


def test_an_upheld_decision_leaves_a_closed_case_closed() -> None:
    upheld = AppealDecided(result=AppealResult.UPHELD, reasons=())
    given(TRANSPARENCY, FILED, CLOSED, upheld).then(
        changed(
            **OVER,
            appeal_decided_at=at(3),
            appeal_result="upheld",
            appeal_decider="m-1",
        )
    )


def test_a_changed_decision_opens_a_closed_case_and_sets_what_is_awarded() -> None:
    given(TRANSPARENCY, FILED, CLOSED, EVENTS[AppealDecided]).then(
        changed(
            appeal_decided_at=at(3),
            appeal_result="varied",
            appeal_decider="m-1",
            liability="both",
            awarded=6_450,
        )
    )
    aside = AppealDecided(result=AppealResult.SET_ASIDE, reasons=())
    given(TRANSPARENCY, FILED, CLOSED, aside).then(
        changed(
            appeal_decided_at=at(3),
            appeal_result="set-aside",
            appeal_decider="m-1",
            liability="none",
            awarded=0,
        )
    )


def test_a_refusal_set_aside_admits_the_case_and_awards_nothing() -> None:
    refused = EVENTS[Refused]
    over = Closed(outcome=Outcome.REFUSED, claim=ClaimResult.NONE)
    aside = AppealDecided(result=AppealResult.SET_ASIDE, reasons=())
    given(TRANSPARENCY, FILED, refused, over, aside, Admitted()).then(
        changed(
            refused_on="abusive",
            decider="m-1",
            appeal_decided_at=at(4),
            appeal_result="set-aside",
            appeal_decider="m-1",
            cited="ground:abusive",
            appealed_decider="m-1",
            appealed_cited="ground:abusive",
            admission_at=at(2),
            admitted_at=at(5),
        )
    )


def test_a_human_review_opens_a_case_that_a_machine_had_closed() -> None:
    given(TRANSPARENCY, FILED, CLOSED, EVENTS[HumanReviewRequested]).then(
        changed(reviewed=True)
    )


def test_a_review_by_a_human_upholds_or_changes_what_a_machine_ruled() -> None:
    ruled, asked = EVENTS[Ruled], EVENTS[HumanReviewRequested]
    for again, result in (
        (ruled, "upheld"),
        (replace(ruled, liability="buyer"), "changed"),
        (replace(ruled, remedies=()), "changed"),
    ):
        (row,) = given(TRANSPARENCY, FILED, ruled, asked, again).rows
        assert (row.reviewed, row.review_result) == (True, result)
    (row,) = given(TRANSPARENCY, FILED, ruled, ruled).rows
    assert row.review_result is None
