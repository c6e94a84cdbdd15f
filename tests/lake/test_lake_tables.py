"""The lake's tables hold the record, event by event and case by case."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest

from application.record.envelope import Recorded, decode, is_about_a_case
from domain.deadlines.ledger import deadline_ledger
from domain.filing.events import Filed
from domain.money import Money
from projections.lake.dictionary import dictionary
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from tests.lake.written_record import WrittenRecord


def rows(lake: Lake, query: str) -> list[dict[str, Any]]:
    with opened_lake(lake) as (connection, _):
        found: list[dict[str, Any]] = connection.sql(query).to_arrow_table().to_pylist()
        return found


@pytest.fixture(scope="session")
def recorded(written: WrittenRecord) -> dict[int, tuple[str, Recorded | None]]:
    """Return all events by their positions; of those beside cases only the topic."""
    with written.session() as connection:
        found = connection.execute(
            "SELECT l.position, e.topic, e.state FROM ledger l"
            " JOIN events e USING (notification_id)"
        ).fetchall()
    return {
        position: (topic, decode(bytes(state)) if is_about_a_case(topic) else None)
        for position, topic, state in found
    }


def test_every_event_is_there_once_with_its_leaf(
    written: WrittenRecord, lake: Lake
) -> None:
    with written.session() as connection:
        ledger = connection.execute(
            "SELECT position, originator_id::text, originator_version,"
            " encode(leaf, 'hex') FROM ledger ORDER BY position"
        ).fetchall()
    found = rows(
        lake, "SELECT position, history, version, leaf FROM events ORDER BY position"
    )
    assert [tuple(one.values()) for one in found] == ledger
    assert len(ledger) > 1_000


def test_typed_columns_are_the_fields_of_the_events(
    lake: Lake, recorded: dict[int, tuple[str, Recorded | None]]
) -> None:
    found = {one["position"]: one for one in rows(lake, "SELECT * FROM events")}
    kinds = Counter[str]()
    for position, (topic, one) in recorded.items():
        row = found[position]
        assert row["type"] == topic
        if one is None:
            assert row["payload"] is None
            continue
        kinds[topic] += 1
        assert (row["at"], row["recorded_at"]) == (one.at, one.recorded_at)
        assert row["month"] == f"{one.recorded_at:%Y-%m}"
        assert row["actor_role"] == one.actor.role
        for name in ("number", "category", "party", "awaited", "deemed", "due", "kind"):
            if hasattr(one.event, name):
                value = getattr(one.event, name)
                assert row[name] == value, (topic, name)
        if isinstance(money := getattr(one.event, "amount", None), Money):
            assert (row["amount"], row["amount_currency"]) == (
                money.amount,
                money.currency,
            )
        if isinstance(one.event, Filed) and one.event.claim:
            assert row["claim_kind"] == one.event.claim.kind
        assert json.loads(row["payload"])["type"] == topic
    assert len(kinds) > 25


def test_cases_are_the_rows_that_figures_are_counted_from(
    written: WrittenRecord, lake: Lake
) -> None:
    with written.session() as connection:
        cursor = connection.execute("SELECT * FROM transparency")
        names = [one.name for one in cursor.description or ()]
        views = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    cases = {one["case"]: one for one in rows(lake, "SELECT * FROM cases")}
    assert len(cases) == len(views) > 100
    for view in views:
        case = cases[str(view.pop("case_id"))]
        case["position"] = case.pop("position_taken")
        people = ("seller", "decider", "appeal_decider", "appealed_decider")
        for name, value in view.items():
            if name in people:
                assert (case[name] is None) == (value is None)
                assert value is None or case[name] != value
            else:
                assert case[name] == value, name


def test_deadlines_are_the_ledger_of_each_case(
    lake: Lake, recorded: dict[int, tuple[str, Recorded | None]]
) -> None:
    histories: dict[str, list[Recorded]] = {}
    for _, (_, one) in sorted(recorded.items()):
        if one is not None:
            histories.setdefault(str(one.case), []).append(one)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows(lake, 'SELECT * FROM deadlines ORDER BY "case", number'):
        found.setdefault(row["case"], []).append(row)
    late = 0
    for case, events in histories.items():
        entries = deadline_ledger(events)
        assert len(entries) == len(found.get(case, ()))
        for entry, row in zip(entries, found.get(case, ()), strict=True):
            for name in ("awaited", "party", "start", "due", "state", "late_net"):
                assert row[name] == getattr(entry, name)
            late += entry.late is not None
    assert late


def test_money_is_what_the_buyer_has_received(lake: Lake) -> None:
    wrong = rows(
        lake,
        """
        WITH moved AS (
            SELECT "case", sum(CASE WHEN payee = 'buyer' THEN amount
                WHEN payer = 'buyer' THEN -amount ELSE 0 END) AS received
            FROM money GROUP BY 1)
        SELECT * FROM cases LEFT JOIN moved USING ("case")
        WHERE paid <> greatest(0, coalesce(received, 0))
        """,
    )
    assert wrong == []
    assert rows(lake, "SELECT count(*) AS n FROM money") != [{"n": 0}]


@pytest.mark.parametrize(
    ("table", "events"),
    [
        ("offers", "('offer-made')"),
        ("evidence", "('evidence-submitted')"),
        ("rulings", "('ruled', 'appeal-decided')"),
        ("sanctions", "('sanction-imposed')"),
    ],
)
def test_each_has_a_row(lake: Lake, table: str, events: str) -> None:
    (counted,) = rows(
        lake,
        f"SELECT (SELECT count(*) FROM {table}) AS rows,"
        f" (SELECT count(*) FROM events WHERE type IN {events}) AS events",
    )
    assert counted["rows"] == counted["events"] > 0


def test_what_is_owed_stands_where_the_case_says_so(lake: Lake) -> None:
    wrong = rows(
        lake,
        """
        SELECT "case" FROM cases WHERE owed AND "case" NOT IN
            (SELECT "case" FROM obligations)
        """,
    )
    assert wrong == []
    states = rows(lake, "SELECT DISTINCT state FROM obligations")
    assert {"confirmed", "enforced"} <= {one["state"] for one in states}


def test_reasons_cite_articles_of_the_rules(lake: Lake) -> None:
    (found,) = rows(
        lake,
        "SELECT count(*) AS n, count(rules.title_zh) AS known FROM reasons LEFT JOIN"
        " rules ON (reasons.rule, rule_version, reasons.article)"
        " = (rules.rule, rules.version, rules.article)",
    )
    assert found["n"] > 0
    assert found["known"] == found["n"]


def test_codes_have_words_in_both_languages(lake: Lake) -> None:
    found = rows(
        lake,
        "SELECT DISTINCT cases.category, zh, en FROM cases LEFT JOIN codes"
        " ON kind = 'categories' AND code = category",
    )
    assert found
    assert all(one["zh"] and one["en"] for one in found)


def test_limits_are_counted_by_days_of_the_calendar(lake: Lake) -> None:
    (found,) = rows(
        lake,
        "SELECT count(*) AS n FROM deadlines WHERE calendar NOT IN"
        " (SELECT calendar FROM calendar)",
    )
    assert found == {"n": 0}


def test_the_dictionary_tells_every_column(lake: Lake) -> None:
    for table in dictionary():
        with opened_lake(lake) as (connection, _):
            found: pa.Table = connection.sql(
                f'SELECT * FROM "{table.name}" LIMIT 0'
            ).to_arrow_table()
        assert [one.name for one in table.columns] == found.column_names
        assert all(one.meaning for one in table.columns)
