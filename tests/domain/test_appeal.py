"""Appeals: each side once, in time, by another person; money follows (4.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from domain.appeal.commands import DecideAppeal, RefuseAppeal
from domain.appeal.events import (
    AppealDecided,
    AppealFiled,
    AppealGround,
    AppealRefused,
    AppealResult,
)
from domain.case.dispute import Phase
from domain.case.evolve import fold
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import DeadlineMissed
from domain.evidence.commands import SubmitEvidence
from domain.evidence.events import EvidenceSubmitted
from domain.notices.events import NoticeKind
from domain.performance.commands import Fulfil
from domain.refusals import Conflicted, NoGround, NotAllowed, WrongPhase
from domain.roles import Party
from tests.domain.expected_events import appeal_filed, payment, shanghai
from tests.domain.stories import (
    APPEAL,
    DAY,
    SECOND_SUPERVISOR,
    SET_ASIDE,
    UPHELD,
    of,
    refused_as,
    running,
    varied,
    wrong_places,
)
from tests.sample_commands import COMMANDS
from tests.samples import (
    APPEALED,
    BUYER,
    CLOSED,
    HALF,
    MEDIATOR,
    REFUND,
    RULE,
    RULED,
    RULING_SERVED,
    SELLER,
    SUPERVISOR,
    TO_RULE,
    Step,
    play,
    serve,
)
from tests.scenario import after

NOT_TAKEN = RefuseAppeal(explanation="It names no error.")
BOTH_APPEAL: tuple[Step, ...] = (*APPEALED, (BUYER, APPEAL))


@pytest.mark.standard(
    "4.4 each side appeals once, in seven days, with new evidence or an error"
)
def test_an_appeal_states_new_evidence_or_an_error_and_stops_performance() -> None:
    for ground in AppealGround:
        after(*RULING_SERVED).when(replace(APPEAL, ground=ground), by=SELLER).then(
            appeal_filed(
                Party.SELLER, since="03-05 10:00", until="03-12 10:00", ground=ground
            )
        )
    assert Awaited.PERFORMANCE not in {key for key, _ in running(play(*APPEALED))}


def test_new_evidence_is_taken_while_the_appeal_is_open() -> None:
    video = replace(COMMANDS[SubmitEvidence], kind="video")
    after(*APPEALED).when(video, by=SELLER).then(
        EvidenceSubmitted(
            number=1,
            by=Party.SELLER,
            kind="video",
            sha256="ab" * 32,
            size=10,
            media_type="image/png",
        )
    )


@pytest.mark.standard(
    "4.4 each side appeals once, in seven days, with new evidence or an error"
)
def test_each_side_appeals_once() -> None:
    second = after(*APPEALED).when(APPEAL, by=SELLER)
    second.refused(NoGround, reason="second-appeal")
    again = after(*APPEALED, (SUPERVISOR, UPHELD)).when(APPEAL, by=SELLER)
    again.refused(NoGround, reason="second-appeal")
    after(*APPEALED).when(APPEAL, by=BUYER).then(
        AppealFiled(
            by=Party.BUYER,
            ground=AppealGround.ERROR,
            statement="The photo is another's.",
            since=shanghai("03-05 10:00"),
        )
    )


@pytest.mark.standard(
    "4.4 each side appeals once, in seven days, with new evidence or an error"
)
def test_the_time_to_appeal_is_seven_days_from_service() -> None:
    assert running(play(*RULING_SERVED))["appeal", "seller"] == 10 * DAY
    reported = (*RULING_SERVED, (SELLER, Fulfil(obligation=1)))
    after(*reported, timedelta(days=7, seconds=-1)).when(APPEAL, by=BUYER).then(
        appeal_filed(Party.BUYER, since="03-12 09:59:59", until="03-19 09:59:59")
    )
    over = after(*reported, timedelta(days=7)).when(APPEAL, by=BUYER)
    over.refused(NoGround, reason="appeal-window")


def test_it_is_decided_within_seven_days() -> None:
    assert running(play(*APPEALED))["appeal-decision", "platform"] == 10 * DAY


@pytest.mark.standard("4.4 another person decides")
def test_another_person_decides() -> None:
    by_supervisor = after(
        *TO_RULE,
        (SUPERVISOR, RULE),
        serve(NoticeKind.RULING, Party.SELLER),
        (SELLER, APPEAL),
    )
    by_supervisor.when(UPHELD, by=SUPERVISOR).refused(Conflicted, relation="decider")
    by_supervisor.when(UPHELD, by=SECOND_SUPERVISOR).then(
        AppealDecided(
            result=AppealResult.UPHELD,
            reasons=UPHELD.reasons,
            decided_by="v-2",
            deadlines=(payment(since="03-05 10:00", until="03-06 10:00"),),
        )
    )
    by_supervisor.when(UPHELD, by=MEDIATOR).refused(NotAllowed)


@pytest.mark.standard("4.4 upheld, varied or set aside")
def test_an_upheld_ruling_goes_on_where_it_stood_still() -> None:
    later = (*APPEALED, timedelta(days=2), (SUPERVISOR, UPHELD))
    assert running(play(*later)) == {
        ("performance", "seller"): 3 * DAY + 3 * DAY,
        ("appeal", "buyer"): 10 * DAY,
    }


def test_the_other_side_keeps_its_own_appeal_when_a_ruling_is_upheld() -> None:
    upheld = after(*APPEALED, (SUPERVISOR, UPHELD))
    upheld.when(APPEAL, by=BUYER).then(
        appeal_filed(Party.BUYER, since="03-05 10:00", until="03-12 10:00")
    )
    upheld.when(APPEAL, by=SELLER).refused(NoGround, reason="second-appeal")


def test_an_appeal_is_decided_on_evidence_that_was_weighed() -> None:
    photo = replace(COMMANDS[SubmitEvidence], sha256="cd" * 32)
    when = after(*APPEALED, (SELLER, photo)).when(UPHELD, by=SUPERVISOR)
    assert ("/reasons", "not-assessed") in wrong_places(when)


def test_who_appealed_is_not_said_to_have_missed_the_time_for_it() -> None:
    for decision in (UPHELD, NOT_TAKEN):
        events = play(*APPEALED, (SUPERVISOR, decision), timedelta(days=9))
        missed = {(one.awaited, one.party) for one in of(DeadlineMissed, events)}
        assert (Awaited.APPEAL, Party.SELLER) not in missed


@pytest.mark.standard("4.3.5 performance runs from service")
def test_an_appeal_before_the_other_side_was_served_starts_no_limit_for_it() -> None:
    early: tuple[Step, ...] = (
        *RULED,
        serve(NoticeKind.RULING, Party.BUYER),
        (BUYER, APPEAL),
        (SUPERVISOR, NOT_TAKEN),
    )
    assert ("performance", "seller") not in running(play(*early))
    served = play(*early, serve(NoticeKind.RULING, Party.SELLER))
    assert running(served)["performance", "seller"] == 4 * DAY


def test_a_refused_appeal_of_both_sides_is_refused_to_both() -> None:
    refused = after(*BOTH_APPEAL).when(NOT_TAKEN, by=SUPERVISOR).events
    assert [one.by for one in of(AppealRefused, refused)] == [
        Party.SELLER,
        Party.BUYER,
    ]
    assert fold((*play(*BOTH_APPEAL), *refused)).phase is Phase.PERFORMING


def test_after_one_refused_appeal_only_the_others_is_refused() -> None:
    history = after(*APPEALED, (SUPERVISOR, NOT_TAKEN), (BUYER, APPEAL))
    refused = history.when(NOT_TAKEN, by=SUPERVISOR).events
    assert [one.by for one in of(AppealRefused, refused)] == [Party.BUYER]


@pytest.mark.parametrize(
    ("decision", "wrong"),
    [
        (replace(UPHELD, reasons=()), ("/reasons", "required")),
        (replace(UPHELD, liability="buyer"), ("/liability", "not-with-this")),
        (replace(SET_ASIDE, remedies=(HALF,)), ("/remedies", "not-with-this")),
        (varied(), ("/remedies", "required")),
        (varied(HALF, liability="fate"), ("/liability", "unknown-code")),
        (varied(REFUND, HALF), ("/remedies", "above-claim")),
    ],
)
def test_an_incomplete_appeal_decision_names_what_is_wrong(
    decision: DecideAppeal, wrong: tuple[str, str]
) -> None:
    when = after(*APPEALED).when(decision, by=SUPERVISOR)
    assert wrong in wrong_places(when)


def test_nothing_is_decided_where_nobody_appealed() -> None:
    refusal = refused_as(after(*CLOSED).when(UPHELD, by=SUPERVISOR))
    assert isinstance(refusal, WrongPhase)
    assert refusal.details == {"phase": "closed"}
