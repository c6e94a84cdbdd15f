"""Facts of a case choose its events, in any combination, as reading everything does."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from application.cases.disputes import Disputes
from application.record.database import Database
from projections.audit import audit_search
from projections.audit.trail_row import TrailRow
from tests.conftest import Clock, ManualWorker
from tests.projections.test_audit_search import all_of
from tests.sample_cases import tell_all

pytestmark = pytest.mark.store

ADDED_BY = {
    "outcome": {"closed"},
    "decider": {"ruled", "refused", "appeal-decided"},
    "late": {"deadline-missed"},
    "rule": {"ruled", "refused", "appeal-decided", "burden-assigned"},
}


def says(name: str, value: str, one: TrailRow) -> bool:
    match name:
        case "outcome":
            return one.outcome == value
        case "decider":
            return value in one.deciders
        case "late":
            return one.type == "deadline-missed" and one.party == value
        case "rule":
            return value in one.rules
        case "type":
            return one.type == value
        case "actor":
            return one.actor_id == value
        case _:
            raise AssertionError(name)


def fits(asked: dict[str, str], one: TrailRow, case: list[TrailRow]) -> bool:
    """Tell whether an event is found, by what `Search` says of its filters."""
    facts = {n: v for n, v in asked.items() if n in {"outcome", "decider", "late"}}
    events = {n: v for n, v in asked.items() if n in {"type", "actor"}}
    if (rule := asked.get("rule")) is not None:
        of_event = "#" in rule or rule.startswith("position:")
        (events if of_event else facts)["rule"] = rule
    if not events:
        until = [e for e in case if e.version <= one.version]
        named = any(says(*fact, one) for fact in facts.items())
        return named and all(
            any(says(*fact, e) for e in until) for fact in facts.items()
        )
    for name, value in facts.items():
        # Rulings of somebody, of all rulings in the case, are this person's.
        of = [one] if asked.get("type") in ADDED_BY[name] else case
        if not any(says(name, value, e) for e in of):
            return False
    return all(says(*event, one) for event in events.items())


@pytest.fixture
def everything(
    disputes: Disputes, clock: Clock, worker: ManualWorker, database: Database
) -> list[TrailRow]:
    tell_all(disputes, clock)
    worker.catch_up()
    return all_of(database)


def values(everything: list[TrailRow]) -> dict[str, list[str]]:
    """Return some values of each filter."""
    cited = sorted({rule for one in everything for rule in one.rules})
    return {
        "outcome": sorted({one.outcome for one in everything if one.outcome}),
        "decider": sorted({name for one in everything for name in one.deciders}),
        "late": ["seller", "buyer", "platform"],
        "rule": [one for one in cited if "#" not in one][:6]
        + [one for one in cited if "#" in one][:2],
        "type": ["filed", "ruled", "closed", "deadline-missed"],
        "actor": sorted({one.actor_id for one in everything if one.actor_id})[:3],
    }


@pytest.mark.parametrize("few", [1_000, 0])
def test_any_filters_together_find_what_reading_everything_finds(
    everything: list[TrailRow],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    few: int,
) -> None:
    monkeypatch.setattr(audit_search, "MOST_CASES", few)
    cases: dict[Any, list[TrailRow]] = {}
    for one in everything:
        cases.setdefault(one.case_id, []).append(one)
    some = values(everything)
    met = set()
    for names in [*combinations(some, 2), ("outcome", "decider", "late")]:
        for asked in _asked(some, names):
            expected = [o for o in everything if fits(asked, o, cases[o.case_id])]
            assert all_of(database, **asked) == expected, asked
            if expected:
                met.add(names)
    # Facts that no single event has: how the case closed, and who was late before.
    assert met >= {
        ("outcome", "late"),
        ("outcome", "decider"),
        ("outcome", "rule"),
        ("outcome", "type"),
        ("outcome", "actor"),
        ("late", "type"),
        ("decider", "type"),
    }


def _asked(some: dict[str, list[str]], names: tuple[str, ...]) -> list[dict[str, str]]:
    asked: list[dict[str, str]] = [{}]
    for name in names:
        asked = [one | {name: value} for one in asked for value in some[name]]
    return asked


def test_several_facts_find_what_lies_in_a_period_or_is_of_a_party(
    everything: list[TrailRow], database: Database
) -> None:
    both = all_of(database, outcome="ruled", decider="m-1")
    assert both
    moments = sorted(one.at for one in both)
    middle = moments[len(moments) // 2]
    later = all_of(database, outcome="ruled", decider="m-1", since=middle)
    assert later == [one for one in both if one.at >= middle]
    case = both[0].case_id
    own = all_of(database, outcome="ruled", decider="m-1", case_id=case)
    assert own == [one for one in both if one.case_id == case]
    filed = next(one for one in everything if one.case_id == case)
    of_buyer = all_of(database, outcome="ruled", decider="m-1", buyer=filed.buyer)
    assert {one.case_id for one in of_buyer} <= {
        one.case_id for one in everything if one.buyer == filed.buyer
    }
    assert own[0] in of_buyer
