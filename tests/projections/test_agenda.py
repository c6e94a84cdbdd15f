"""What an event puts on the agenda, and what stands on it later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from application.record.envelope import Imported
from domain.admission import events as admission
from domain.appeal import events as appeal
from domain.case.event import Event
from domain.deadlines import events as deadlines
from domain.negotiation import events as negotiation
from domain.notices import events as notices
from domain.notices.events import NoticeKind
from domain.roles import Party
from domain.ruling import events as ruling
from projections.agenda import AGENDA, Kind, whole
from tests.privacy.canaries import share
from tests.projections.agenda_rows import RUNNING, deadline_row, limit, notice_row
from tests.projections.scenario import given
from tests.sample_events import BUYER, EVENTS, FILED, KINDS, SELLER, START

SHARES = 4


def test_a_deadline_is_on_it_until_it_is_due() -> None:
    answered = replace(
        EVENTS[negotiation.SellerResponded],
        deadlines=(limit("negotiation/both"), limit("offer-answer/buyer")),
    )
    given(AGENDA, FILED, answered).then(
        deadline_row("negotiation", Party.BOTH, 0, 3),
        deadline_row("offer-answer", BUYER, 1, 3),
    )


def test_more_time_takes_the_place_of_what_there_was() -> None:
    longer = replace(limit("evidence/buyer"), due=START + timedelta(days=5))
    extended = replace(EVENTS[deadlines.DeadlineExtended], deadlines=(longer,))
    running = replace(FILED, deadlines=(limit("evidence/buyer"),))
    given(AGENDA, running, extended).then(deadline_row("evidence", BUYER, 0, 5))


CALLED_FOR: dict[type[Event], tuple[tuple[NoticeKind, Party], ...]] = {
    admission.Admitted: ((NoticeKind.ADMISSION, SELLER),),
    admission.Refused: ((NoticeKind.REFUSAL, BUYER),),
    ruling.Ruled: ((NoticeKind.RULING, BUYER), (NoticeKind.RULING, SELLER)),
    appeal.AppealDecided: ((NoticeKind.APPEAL, BUYER), (NoticeKind.APPEAL, SELLER)),
}


@pytest.mark.parametrize("kind", sorted(KINDS, key=str), ids=lambda kind: kind.__name__)
def test_a_notice_is_on_it_from_when_it_was_recorded(kind: type[Event]) -> None:
    rows = [notice_row(1, *called) for called in CALLED_FOR.get(kind, ())]
    given(AGENDA, EVENTS[kind]).then(*rows)


def test_service_takes_off_the_notice_that_it_serves() -> None:
    ruled = EVENTS[ruling.Ruled]
    served = notices.NoticeServed(
        notice=NoticeKind.RULING, party=BUYER, channel="in-site"
    )
    other = replace(served, notice=NoticeKind.APPEAL)
    given(AGENDA, ruled, other).then(
        notice_row(1, NoticeKind.RULING, BUYER),
        notice_row(1, NoticeKind.RULING, SELLER),
    )
    given(AGENDA, ruled, served).then(notice_row(1, NoticeKind.RULING, SELLER))
    by_sms = replace(served, channel="sms", deadlines=(limit("appeal/buyer"),))
    given(AGENDA, ruled, by_sms).then(
        notice_row(1, NoticeKind.RULING, SELLER), deadline_row("appeal", BUYER, 0, 3)
    )


def test_history_of_another_system_calls_for_nothing() -> None:
    source = Imported(system="old", record="77", zone="UTC")
    given(AGENDA, RUNNING, EVENTS[ruling.Ruled], imported=source).then()


@pytest.mark.parametrize("number", range(SHARES))
def test_read_off_the_state_it_is_what_it_became_event_by_event(number: int) -> None:
    # Any events in any order: what another version recorded has to give the same, too.
    events = tuple(share(number, SHARES))
    for count in range(1, len(events) + 1):
        grown = given(AGENDA, *events[:count])
        at_once = {AGENDA.table.key_of(row): row for row in whole(grown.events)}
        assert {AGENDA.table.key_of(row): row for row in grown.rows} == at_once


def test_a_ruling_that_a_human_decides_again_is_not_served() -> None:
    ruled = given(AGENDA, FILED, EVENTS[ruling.Ruled]).rows
    assert Kind.NOTICE in {row.kind for row in ruled}
    again = given(
        AGENDA, FILED, EVENTS[ruling.Ruled], EVENTS[ruling.HumanReviewRequested]
    )
    assert Kind.NOTICE not in {row.kind for row in again.rows}
