"""Deadlines that run, and the rows of the agenda that they and notices make."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.time_limits import LimitName
from domain.notices.events import NoticeKind
from domain.roles import Party
from projections.agenda import AgendaRow, Kind
from tests.projections.scenario import CASE, noted
from tests.sample_events import FILED, START

NUMBERED = {
    Awaited.OFFER_ANSWER,
    Awaited.INQUIRY,
    Awaited.INSPECTION,
    Awaited.PERFORMANCE,
    Awaited.VOLUNTARY,
    Awaited.CONFIRMATION,
    Awaited.ENFORCEMENT,
    Awaited.PUBLICATION,
}
"""What is awaited of an offer, an inquiry, an obligation or a sanction: number 1."""


def limit(name: str) -> Deadline:
    """Return a deadline, named by what is awaited and of whom."""
    awaited, _, party = name.partition("/")
    return Deadline(
        awaited=Awaited(awaited),
        party=Party(party),
        start=START,
        due=START + timedelta(days=3),
        limit=LimitName.EVIDENCE,
        length="3 days",
        calendar="CN@test",
        item=1 if awaited in NUMBERED else None,
    )


ALL = frozenset(
    {
        "admission/platform",
        "response/seller",
        "negotiation/both",
        "escalation/buyer",
        "escalation/seller",
        "offer-answer/buyer",
        "evidence/buyer",
        "evidence/seller",
        "inquiry/platform",
        "inspection/platform",
        "ruling/platform",
        "performance/seller",
        "voluntary/seller",
        "confirmation/buyer",
        "enforcement/platform",
        "appeal/buyer",
        "appeal/seller",
        "appeal-decision/platform",
        "suspension/platform",
        "suspension-proof/buyer",
        "suspension-review/platform",
        "publication/platform",
    }
)
RUNNING = replace(FILED, deadlines=tuple(limit(name) for name in sorted(ALL)))
"""A filing with which everything runs that ever runs."""


def deadline_row(name: str, party: Party, item: int, days: int) -> AgendaRow:
    return AgendaRow(
        case_id=CASE,
        kind=Kind.DEADLINE,
        name=name,
        party=party,
        item=item,
        due=START + timedelta(days=days),
    )


def notice_row(version: int, kind: NoticeKind, party: Party) -> AgendaRow:
    return AgendaRow(
        case_id=CASE,
        kind=Kind.NOTICE,
        name=kind,
        party=party,
        item=0,
        due=noted(version),
    )
