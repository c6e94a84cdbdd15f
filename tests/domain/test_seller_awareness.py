"""A seller is part of a case from its admission on, and hears of nothing before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.admission.commands import Admit, Refuse
from domain.appeal.commands import Appeal, DecideAppeal
from domain.appeal.events import AppealGround, AppealResult
from domain.case.actions import possible
from domain.case.evolve import fold
from domain.case.outcome import ClaimResult, Outcome
from domain.conflicts_of_interest import is_concerned
from domain.filing.commands import Withdraw
from domain.filing.events import Filed
from domain.negotiation.commands import PostMessage
from domain.notices.events import NoticeKind
from domain.performance.events import Closed
from domain.refusals import NotFound
from domain.roles import Party
from tests.samples import (
    ADMITTED,
    BUYER,
    FILE,
    FILED,
    MEDIATOR,
    NOW,
    ORDER,
    REASON,
    SELLER,
    SUPERVISOR,
    Step,
    context,
    play,
    serve,
)
from tests.scenario import after

REFUSAL = Refuse(ground="abusive", explanation="Made up.", routes=("court",))
LATE = replace(ORDER, received_at=NOW - timedelta(days=60))
REFUSED = (*FILED, (MEDIATOR, REFUSAL), serve(NoticeKind.REFUSAL, Party.BUYER))
APPEALED = (
    *REFUSED,
    (BUYER, Appeal(ground=AppealGround.ERROR, statement="It is true.")),
)


@pytest.mark.parametrize(
    "steps",
    [
        FILED,
        ((BUYER, replace(FILE, order=LATE)),),
        REFUSED,
        APPEALED,
        (*FILED, (BUYER, Withdraw())),
        (
            *APPEALED,
            (SUPERVISOR, DecideAppeal(result=AppealResult.UPHELD, reasons=(REASON,))),
        ),
    ],
)
def test_who_was_never_part_of_a_case_hears_nothing_of_it(
    steps: tuple[Step, ...],
) -> None:
    dispute = fold(play(*steps))
    assert not is_concerned(SELLER, dispute)
    assert not tuple(possible(dispute, context(SELLER)))
    assert not [one for one in dispute.notices if one.party is Party.SELLER]
    after(*steps).when(PostMessage(text="What is this?"), by=SELLER).refused(NotFound)
    assert is_concerned(BUYER, dispute)


@pytest.mark.parametrize(
    "steps",
    [
        ADMITTED,
        (*FILED, (MEDIATOR, Admit())),
        ((MEDIATOR, replace(FILE, channel="platform-initiated")),),
        (
            *APPEALED,
            (
                SUPERVISOR,
                DecideAppeal(result=AppealResult.SET_ASIDE, reasons=(REASON,)),
            ),
        ),
    ],
)
def test_with_admission_the_seller_is_part_of_it(steps: tuple[Step, ...]) -> None:
    assert is_concerned(SELLER, fold(play(*steps)))


def test_an_imported_case_may_say_no_more_than_how_it_ended() -> None:
    filed = Filed(
        platform="shop", channel="api", category="other", reason="other", seller="s-1"
    )
    for outcome in Outcome:
        closed = Closed(outcome=outcome, claim=ClaimResult.NONE)
        told = is_concerned(SELLER, fold((filed, closed)))
        assert told is (outcome not in {"refused", "withdrawn", "referred"})
