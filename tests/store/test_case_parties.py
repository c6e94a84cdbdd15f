"""Whose a case is, as the trigger notes it, is what the domain says of its events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace

from application.record.envelope import Recorded, encode, topic
from application.record.schema.migrations import STORE, migrate
from domain.admission.seller_awareness import unaware_after
from domain.case.events import DisputeEvent
from domain.case.outcome import Outcome
from domain.mediators.events import MediatorRecused
from domain.notices.events import NoticeServed
from domain.performance.events import Closed
from domain.roles import RULES, Party
from tests.postgres import Server
from tests.sample_events import EVENTS, FILED
from tests.samples import NOW

pytestmark = pytest.mark.store


def second_events() -> Iterator[DisputeEvent]:
    """Yield every event, in each form that decides whether the seller is told."""
    for kind, event in EVENTS.items():
        if kind is Closed:
            yield from (replace(event, outcome=one) for one in Outcome)
        elif kind is NoticeServed:
            yield from (replace(event, party=one) for one in Party)
        else:
            yield event


def append(url: str, case: UUID, events: Sequence[DisputeEvent]) -> None:
    with psycopg.connect(url) as owner:
        for version, event in enumerate(events, 1):
            recorded = Recorded(
                case=case,
                version=version,
                at=NOW,
                recorded_at=NOW,
                actor=RULES,
                command_id=uuid4(),
                event=event,
            )
            owner.execute(
                "INSERT INTO redress.events (originator_id, originator_version, topic,"
                " state) VALUES (%s, %s, %s, %s)",
                (case, version, topic(event), encode(recorded)),
            )


def noted(url: str) -> dict[UUID, tuple[str, str | None, str | None, bool]]:
    with psycopg.connect(url) as owner:
        rows = owner.execute(
            "SELECT case_id, platform, buyer, seller, seller_told"
            " FROM redress.case_parties"
        )
        return {row[0]: row[1:] for row in rows}


def recusals(url: str) -> set[tuple[UUID, str]]:
    with psycopg.connect(url) as owner:
        rows = owner.execute("SELECT case_id, person FROM redress.case_recusals")
        return {(row[0], row[1]) for row in rows}


def appended(url: str) -> dict[UUID, DisputeEvent]:
    """Record a case for each event, after its filing; return them."""
    cases = {uuid4(): event for event in second_events()}
    for case, event in cases.items():
        append(url, case, [FILED, event])
    return cases


def expected(event: DisputeEvent) -> tuple[str, str | None, str | None, bool]:
    is_told = not unaware_after(event, before=unaware_after(FILED, before=False))
    return FILED.platform, FILED.buyer, FILED.seller, is_told


def test_each_event_tells_the_seller_as_the_domain_says(url: str) -> None:
    cases = appended(url)
    assert len(cases) > len(EVENTS)
    found = noted(url)
    wrong = [topic(one) for case, one in cases.items() if found[case] != expected(one)]
    assert not wrong
    assert {row[3] for row in found.values()} == {True, False}
    assert recusals(url) == {
        (case, event.mediator)
        for case, event in cases.items()
        if isinstance(event, MediatorRecused)
    }


def test_what_was_told_once_stays_told(url: str) -> None:
    case = uuid4()
    told = next(one for one in EVENTS.values() if topic(one) == "admitted")
    append(url, case, [FILED, told, *second_events()])
    assert noted(url)[case][3]


def test_a_name_is_noted_in_its_one_form(url: str) -> None:
    case = uuid4()
    append(url, case, [replace(FILED, buyer=" Ame\u0301lie ", seller=None)])
    assert noted(url)[case] == (FILED.platform, "Am\u00e9lie", None, False)


def test_an_older_record_is_noted_when_it_is_brought_forward(server: Server) -> None:
    with server.database(migrated=False) as url:
        migrate(url, STORE, upto=16)
        cases = appended(url)
        with psycopg.connect(url) as owner:
            owner.execute(
                "INSERT INTO redress.events (originator_id, originator_version, topic,"
                " state) VALUES (%s, 1, 'filed', 'no event')",
                (uuid4(),),
            )
        migrate(url, STORE)
        assert noted(url) == {case: expected(one) for case, one in cases.items()}
        assert len(recusals(url)) == 1
