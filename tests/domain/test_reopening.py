"""Re-opening an ended case: the same issue, only with new facts (3.2)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.filing.commands import Reopen
from domain.filing.reopening import check_new
from domain.identity import natural_key
from domain.refusals import NoGround, NotAllowed, WrongPhase
from tests.domain.expected_events import filed
from tests.samples import (
    APPEALED,
    BUYER,
    CLOSED,
    FILE,
    FILED,
    NOW,
    ORDER,
    RULING_SERVED,
    SELLER,
    Step,
)
from tests.scenario import after, given

AGAIN = Reopen(new_facts="A second crack appeared.", evidence_note="A photo.")
ENDED = UUID(int=7)


@pytest.mark.standard(
    "3.2 one live dispute; an ended one is re-opened only with new facts"
)
def test_an_ended_case_is_reopened_by_its_buyer() -> None:
    ended = after(*CLOSED, timedelta(days=8))
    ended.when(AGAIN, by=BUYER).then()
    ended.when(AGAIN, by=SELLER).refused(NotAllowed)


def test_what_is_new_belongs_into_an_appeal_while_there_can_be_one() -> None:
    after(*CLOSED).when(AGAIN, by=BUYER).refused(NoGround, reason="appeal-first")


@pytest.mark.parametrize("steps", [FILED, RULING_SERVED, APPEALED])
def test_a_live_case_is_not_reopened(steps: tuple[Step, ...]) -> None:
    after(*steps).when(AGAIN, by=BUYER).refused(WrongPhase)


@pytest.mark.standard(
    "3.2 one live dispute; an ended one is re-opened only with new facts"
)
def test_what_was_said_before_is_no_new_fact() -> None:
    for said in ("The kettle leaks.", "the  KETTLE", "leaks"):
        with pytest.raises(NoGround, match="nothing-new"):
            check_new(replace(AGAIN, new_facts=said), FILE.facts)
    check_new(AGAIN, FILE.facts)


def test_the_next_case_says_which_one_it_reopens_and_why() -> None:
    long_ago = replace(ORDER, received_at=NOW - timedelta(days=90))
    filing = replace(
        FILE,
        order=long_ago,
        number=2,
        reopens=ENDED,
        new_facts=AGAIN.new_facts,
    )
    given().when(filing, by=BUYER).then(
        filed(
            received_at=long_ago.received_at,
            number=2,
            reopens=ENDED,
            new_facts="A second crack appeared.",
        )
    )


def test_each_case_on_an_issue_has_its_own_number_and_key() -> None:
    issue = ("shop", "b-1", "o-1", "1", "defect")
    # Stored as the id of a case, so it may never come out otherwise.
    assert natural_key(*issue, 1) == UUID("b6334432-9ad6-5d2b-bd23-a89f709cec6b")
    assert natural_key(*issue, 1) != natural_key(*issue, 2)
    other = natural_key("shop", "b-1", "o-1", "1", "malfunction", 1)
    assert natural_key(*issue, 1) != other
    # A stranger who files on the same order line takes nobody's place.
    strangers = natural_key("shop", "b-2", "o-1", "1", "defect", 1)
    assert natural_key(*issue, 1) != strangers
