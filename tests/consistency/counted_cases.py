"""Cases of which everything can be counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from msgspec import Struct

from projections.consistency.alike_cases import Alikeness
from projections.consistency.appeal_reversals import Reversals
from projections.consistency.consistency_report import ConsistencyReport
from projections.consistency.repeated_faults import RepeatedFaults
from projections.consistency.stage_lateness import Lateness
from projections.figures.case_figures import Figures
from projections.figures.transparency import TRANSPARENCY

MARCH = datetime(2026, 3, 9, tzinfo=UTC)
RULED: dict[str, Any] = {
    "platform": "shop",
    "category": "quality",
    "reason": "defect",
    "opened_at": MARCH,
    "ruled_at": MARCH,
    "liability": "seller",
    "ruled_liability": "seller",
    "remedies": "refund",
    "cited": "rules/1:3",
    "evidence": "photo",
    "seller": "s-1",
    "decider": "m-1",
    "claimed": 12_900,
    "currency": "CNY",
}


def appeal(result: str, decider: str, cited: str) -> dict[str, Any]:
    return RULED | {
        "appeal_decided_at": MARCH,
        "appeal_result": result,
        "appealed_decider": decider,
        "appealed_cited": cited,
        # Kept from being alike to others, and from faults.
        "cited": None,
        "seller": None,
    }


TWO = "proof/1:a rules/1:3"
APPEALS = (
    *[appeal("upheld", "m-1", "rules/1:3")] * 6,
    *[appeal("set-aside", "m-1", "rules/1:3")] * 3,
    appeal("varied", "m-1", TWO),
    *[appeal("set-aside", "m-2", TWO)] * 2,
    appeal("upheld", "m-2", "ground:late") | {"category": "delivery"},
)
"""13 decided appeals, 6 of them changed: 4 of 10 of m-1's, 2 of 3 of m-2's."""

FOR_BUYER = {"ruled_liability": "buyer", "liability": "buyer", "remedies": "dismissal"}
ALIKE = (
    RULED,
    RULED,
    RULED | {"remedies": "repair", "decider": "m-2"},
    RULED | FOR_BUYER | {"decider": "m-2"},
    # Each of these is of another kind.
    RULED | FOR_BUYER | {"reason": "malfunction"},
    RULED | FOR_BUYER | {"category": "delivery"},
    RULED | FOR_BUYER | {"cited": "rules/1:4"},
    RULED | FOR_BUYER | {"claimed": 9_900},
    RULED | FOR_BUYER | {"currency": "EUR"},
    RULED | FOR_BUYER | {"evidence": "invoice photo"},
    # A ruling that an appeal has turned round was alike all the same.
    RULED | {"reason": "malfunction", "liability": "both"} | {"cited": "rules/1:9"},
    RULED | {"reason": "malfunction"} | {"cited": "rules/1:9"},
)
"""Of 4 alike cases 6 pairs, 5 of them decided differently; of 2 others one, alike."""

FAULTS = (
    *[RULED | {"seller": "s-7", "cited": None, "liability": "both"}] * 2,
    RULED | {"seller": "s-7", "cited": None, "defaulted": True, "sanctions": 2},
    RULED | {"seller": "s-7", "cited": None, "liability": "none"},
    *[RULED | {"seller": "s-8", "cited": None, "response_missed": True}] * 2,
)
CASES = (*APPEALS, *ALIKE, *FAULTS)


class Counted(Struct, frozen=True, kw_only=True):
    """What a report has counted."""

    reversals: Reversals
    alike: Alikeness
    lateness: tuple[Lateness, ...]
    sellers: RepeatedFaults


def parts_of(report: ConsistencyReport) -> Counted:
    """Return the parts of a report of a time of which there is a record."""
    assert report.reversals
    assert report.alike
    assert report.lateness
    assert report.sellers
    return Counted(
        reversals=report.reversals,
        alike=report.alike,
        lateness=report.lateness,
        sellers=report.sellers,
    )


def add(connection: psycopg.Connection, cases: Sequence[dict[str, Any]]) -> None:
    """Write rows as the follower does; each is ruled a minute after the one before."""
    rows = {}
    for number, values in enumerate(cases, 1):
        case = UUID(int=number)
        later = timedelta(minutes=number)
        about = values | {"ruled_at": values["ruled_at"] + later}
        rows[case] = (Figures(case_id=case, **about),)
    with connection.transaction(), connection.cursor() as cursor:
        TRANSPARENCY.store(cursor, {}, rows)
