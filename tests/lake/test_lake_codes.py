"""Every code in a lake has its words in the lake, and every column its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_type_hints

import pytest

from application.exports.impersonal_events import EVENT_KINDS, EVENT_TWINS
from application.record.envelope import Precision
from application.rules.rulebook import Rulebooks
from domain.appeal.events import AppealGround, AppealResult
from domain.case.dispute import Phase
from domain.case.outcome import ClaimResult, Outcome
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import PauseCause
from domain.deadlines.time_limits import LimitName
from domain.enforcement.case_ledger import Account
from domain.escalation.events import Trigger
from domain.field_marks import is_marked
from domain.identifiers import Identifying
from domain.notices.channel import Channel
from domain.notices.events import NoticeKind
from domain.roles import Party, Role
from domain.ruling.reasons import Automation
from domain.suspension.events import SuspensionCause
from projections.lake.column_sources import ANY, INSTALLATION, LOG
from projections.lake.dictionary import ColumnTold, dictionary
from projections.lake.dimension_rows import CodeRow, dimension_rows
from projections.lake.event_rows import EventRow, event_columns
from projections.lake.lake_query import opened_lake
from projections.lake.lake_store import Lake
from projections.lake.typed_meanings import MEANINGS

CODED = [
    (table.name, column)
    for table in dictionary()
    for column in table.columns
    if column.codes
]
KINDS: Mapping[str, Iterable[object]] = {
    "accounts": Account,
    "appeal-grounds": AppealGround,
    "appeal-results": AppealResult,
    "automation": Automation,
    "awaited": Awaited,
    "causes": PauseCause,
    "claims": ClaimResult,
    "events": EVENT_TWINS,
    "limits": LimitName,
    "notice-channels": Channel,
    "notices": NoticeKind,
    "outcomes": Outcome,
    "parties": Party,
    "phases": Phase,
    "precisions": Precision,
    "roles": Role,
    "suspension-causes": SuspensionCause,
    "triggers": Trigger,
}


def codes() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in dimension_rows(Rulebooks())["codes"]:
        assert isinstance(row, CodeRow)
        found.setdefault(row.kind, set()).add(row.code)
        assert row.zh
        assert row.en
    return found


def test_every_coded_column_of_a_lake_has_its_codes_in_the_lake(lake: Lake) -> None:
    kinds: dict[str, set[str]] = {}
    seen = set()
    with opened_lake(lake) as (connection, _):
        for kind, code in connection.sql("SELECT kind, code FROM codes").fetchall():
            kinds.setdefault(kind, set()).add(code)
        for table, column in CODED:
            value = f'"{column.name}"'
            if "list" in column.type:
                value = f"unnest({value})"
            elif column.unit == "codes, by spaces":
                value = f"unnest(string_split({value}, ' '))"
            # The writer of a draft is a person, and no party.
            drafts = "type <> 'ruling-drafted'" if table == "events" else "true"
            query = f'SELECT DISTINCT {value} FROM "{table}" WHERE {drafts}'
            found = {one for (one,) in connection.sql(query).fetchall() if one}
            known = set().union(*(kinds[kind] for kind in column.codes.split(", ")))
            assert found <= known, (table, column.name)
            seen |= found
    assert len(seen) > 100


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_of_a_kind_has_its_words(kind: str) -> None:
    assert {str(one) for one in KINDS[kind]} <= codes()[kind]


def test_a_column_has_codes_if_its_unit_says_so() -> None:
    for table in dictionary():
        for column in table.columns:
            if column.unit.startswith("code") or column.unit == "account":
                assert column.codes, (table.name, column.name)
    for columns in event_columns().values():
        for one in columns:
            assert one.unit != "code" or one.name in dict(_of("events"))


def _of(name: str) -> list[tuple[str, ColumnTold]]:
    return [(one.name, one) for table, one in CODED if table == name]


def test_every_column_says_where_it_comes_from() -> None:
    places = {
        f"{table.name}.{column.name}"
        for table in dictionary()
        for column in table.columns
    }
    phrases = {ANY, INSTALLATION, LOG, f"{ANY} that begins or ends a limit"}
    for table in dictionary():
        for column in table.columns:
            named = column.source.replace(";", ",").split(", ")
            unknown = {*named} - places - phrases - EVENT_TWINS.keys()
            assert not unknown, (table.name, column.name)


def test_every_typed_column_has_a_meaning_and_no_other_has_one() -> None:
    paths = {
        ".".join(column.path)
        for columns in event_columns().values()
        for column in columns
    }
    assert paths == MEANINGS.keys()
    (events,) = (one for one in dictionary() if one.name == "events")
    typed = events.columns[len(EventRow.__struct_fields__) :]
    assert all(column.unit for column in typed), [c for c in typed if not c.unit]
    assert {column.meaning for column in typed if "{" in column.meaning} == set()


def test_a_column_that_names_people_says_so() -> None:
    """What the types mark as naming somebody is a pseudonym in the lake."""
    (events,) = (one for one in dictionary() if one.name == "events")
    told = {column.name: column for column in events.columns}
    for kind in EVENT_KINDS:
        for name, hint in get_type_hints(kind, include_extras=True).items():
            if is_marked(hint, Identifying) and name in told:
                assert "pseudonym" in told[name].unit, (kind, name)
    assert "ruling-drafted" in told["by"].meaning
