"""Appeals on refusals (3.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.admission.commands import Refuse
from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.case.outcome import Outcome
from domain.filing.commands import FileDispute
from domain.notices.events import NoticeKind
from domain.refusals import Conflicted, NoGround
from domain.roles import Party
from tests.domain.expected_events import appeal_filed
from tests.domain.stories import (
    APPEAL,
    APPEAL_SERVED,
    SET_ASIDE,
    UPHELD,
    running,
    varied,
    wrong_places,
)
from tests.samples import (
    ADMITTED,
    BUYER,
    ESCALATED,
    FILE,
    FILED,
    MEDIATOR,
    NEGOTIATING,
    NOW,
    ORDER,
    REFUND,
    RULE,
    RULING_SERVED,
    SELLER,
    SUPERVISOR,
    Step,
    play,
    serve,
)
from tests.scenario import after

REFUSED: tuple[Step, ...] = (
    *FILED,
    (MEDIATOR, Refuse(ground="abusive", explanation="Again.", routes=("court",))),
    serve(NoticeKind.REFUSAL, Party.BUYER),
)


def received(days: float) -> FileDispute:
    at = NOW - timedelta(days=days)
    return replace(FILE, order=replace(ORDER, received_at=at))


@pytest.mark.standard("3.2 a refusal can be appealed like a ruling")
def test_a_refusal_can_be_appealed_within_seven_days_of_its_notice() -> None:
    assert running(play(*REFUSED)) == {("appeal", "buyer"): timedelta(days=7)}
    at_once = ((BUYER, received(30)), serve(NoticeKind.REFUSAL, Party.BUYER))
    for steps in (REFUSED, at_once):
        after(*steps).when(APPEAL, by=BUYER).then(
            appeal_filed(Party.BUYER, since="03-02 10:00", until="03-09 10:00")
        )
    over = after(*REFUSED, timedelta(days=7)).when(APPEAL, by=BUYER)
    over.refused(NoGround, reason="appeal-window")


@pytest.mark.standard("3.2 a refusal can be appealed like a ruling")
def test_who_refused_does_not_decide_the_appeal_on_it() -> None:
    refusal = Refuse(ground="abusive", explanation="Again.", routes=("court",))
    history = after(
        *FILED,
        (SUPERVISOR, refusal),
        serve(NoticeKind.REFUSAL, Party.BUYER),
        (BUYER, APPEAL),
    )
    history.when(UPHELD, by=SUPERVISOR).refused(Conflicted, relation="decider")


def test_an_upheld_refusal_stays_closed() -> None:
    dispute = fold(play(*REFUSED, (BUYER, APPEAL), (SUPERVISOR, UPHELD)))
    assert (dispute.phase, dispute.outcome) == (Phase.CLOSED, Outcome.REFUSED)


def test_a_refusal_is_upheld_or_set_aside_never_varied() -> None:
    when = after(*REFUSED, (BUYER, APPEAL)).when(varied(REFUND), by=SUPERVISOR)
    assert ("/result", "unknown-code") in wrong_places(when)


SET_ASIDE_REFUSAL: tuple[Step, ...] = (
    *REFUSED,
    (BUYER, APPEAL),
    (SUPERVISOR, SET_ASIDE),
)


@pytest.mark.standard("3.2 a refusal can be appealed like a ruling")
def test_a_refusal_set_aside_admits_the_case() -> None:
    dispute = fold(play(*SET_ASIDE_REFUSAL))
    assert (dispute.phase, dispute.outcome) == (Phase.AWAITING_RESPONSE, None)
    served = play(*SET_ASIDE_REFUSAL, serve(NoticeKind.ADMISSION, Party.SELLER))
    assert ("response", "seller") in running(served)


@pytest.mark.standard("3.2 a refusal can be appealed like a ruling")
def test_an_appeal_on_a_refusal_uses_up_none_on_the_ruling() -> None:
    history = after(
        *SET_ASIDE_REFUSAL,
        *APPEAL_SERVED,
        *ADMITTED[2:],
        *NEGOTIATING[3:],
        *ESCALATED[4:],
        timedelta(days=3),
        (MEDIATOR, RULE),
        *RULING_SERVED[-2:],
    )
    for one in (BUYER, SELLER):
        assert one.party is not None
        history.when(APPEAL, by=one).then(
            appeal_filed(one.party, since="03-05 10:00", until="03-12 10:00")
        )
