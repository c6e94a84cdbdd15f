"""Who meets a case, in each phase: asked over HTTP by every command, and of the tables.

`ACCESS=write pytest tests/http/test_case_access.py` writes its section of
`docs/access.md` anew.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import Struct

from application.record.row_scope import PUBLIC, working_as
from domain.case.dispute import Phase
from domain.case.lifecycle import LIFECYCLE
from domain.roles import Role
from interface.api.commands.command_table import ROUTES
from interface.bootstrap import System, wire
from interface.callers.caller import Caller
from interface.callers.caller_scope import scope_of
from interface.run.worker import Worker
from interface.settings import settings
from tests.conftest import Clock
from tests.http.access_matrix import COLUMNS, Asker, Column
from tests.http.case_story import CaseStory
from tests.http.conftest import FILING, People
from tests.http_app import serving

PAGE = Path(__file__).parents[2] / "docs" / "access.md"
BEGINS = "<!-- written by tests/http/test_case_access.py -->\n"
ENDS = "<!-- end of what tests/http/test_case_access.py writes -->\n"

OF_CASES = {
    "case_parties": "case_id",
    "events": "originator_id",
    "ledger": "originator_id",
    "queue": "case_id",
    "audit_trail": "case_id",
    "transparency": "case_id",
    "notices": "case_id",
}
"""The tables with rows of a case, and the column that says of which."""

STALE = '"9999"'
"""A version that no case has: whoever meets the case is told, nothing is done."""

pytestmark = pytest.mark.long


class Met(Struct, frozen=True, kw_only=True):
    """What a caller met of a case in a phase.

    `read`: the status of reading it. `commands`: the statuses of all commands on it.
    `rows`: the tables that show rows of it. `actions`: what it offered. `fields`: what
    it showed.
    """

    phase: Phase
    column: Column
    read: int
    commands: dict[str, int]
    rows: frozenset[str]
    actions: frozenset[str]
    view: str
    fields: frozenset[str]

    @property
    def is_seen(self) -> bool:
        """Tell whether the record shows any event of the case."""
        return "events" in self.rows


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    environ = {
        "REDRESS_HOME": str(tmp_path),
        "DATABASE_URL": url,
        "REDRESS_CASES_PER_DAY": "1000000",
    }
    one = wire(settings.read(environ), url, url, clock)
    yield one
    one.close()


def stories(people: People, worker: Worker, clock: Clock) -> Iterator[CaseStory]:
    """Yield a case in each phase, from which the mediator m-9 is recused."""

    def begun() -> CaseStory:
        order = FILING["order"] | {"id": f"o-{next(numbers)}"}
        case = people.buyer.file(order=order).json()["id"]
        story = CaseStory(people, worker, clock, case)
        recused = people.named("mediator", "m-9")
        answer = recused.post(
            f"/v1/disputes/{case}/recusal", {"conflict": "They are family."}
        )
        assert answer.status_code == 204, answer.text
        return story

    numbers = iter(range(100, 200))
    yield begun()
    yield begun().admitted()
    yield begun().contested()
    yield begun().escalated()
    suspended = begun().escalated()
    suspended.act("seller", "suspension", {"cause": "court", "note": "It has it."})
    yield suspended
    withdrawn = begun()
    withdrawn.act("buyer", "withdrawal", {})
    yield withdrawn
    yield begun().to_rule()
    yield begun().ruled()
    appealed = begun().ruled()
    grounds = {"ground": "error", "statement": "Another kettle."}
    appealed.act("seller", "appeal", grounds)
    yield appealed
    silent = begun().admitted()
    while silent.seen()["phase"] == "awaiting-response":
        silent.passes(1)
    yield silent
    unpaid = begun().ruled()
    while unpaid.seen()["phase"] == "performing":
        unpaid.passes(1)
    yield unpaid


@pytest.fixture
def met(system: System, clock: Clock) -> list[Met]:
    worker = Worker(system)
    found: list[Met] = []
    with serving(system) as http, closing(worker):
        people = People(http, system)
        asker: Asker | None = None
        for story in stories(people, worker, clock):
            asker = asker or Asker(http, system, people, story.id)
            worker.catch_up()
            phase = Phase(story.seen()["phase"])
            found += [meet(asker, system, one, phase, story) for one in COLUMNS]
    return found


def meet(
    asker: Asker,
    system: System,
    column: Column,
    phase: Phase,
    story: CaseStory,
) -> Met:
    commands = {
        route.name: asker.ask(
            f"/v1/disputes/{{dispute_id}}/{route.path.replace('{n}', '{number}')}",
            "POST",
            column,
            story.id,
            STALE,
        ).status_code
        for routes in ROUTES.values()
        for route in routes
        if route.path and route.path != "recovery-of-advance"
    }
    read = asker.ask("/v1/disputes/{dispute_id}", "GET", column, story.id)
    shown = read.json() if read.status_code == 200 else {}
    return Met(
        phase=phase,
        column=column,
        read=read.status_code,
        commands=commands,
        rows=rows_of(system, column, story.id),
        actions=frozenset(one["name"] for one in shown.get("actions", ())),
        view=shown.get("view", ""),
        fields=frozenset(shown),
    )


def rows_of(system: System, column: Column, case: str) -> frozenset[str]:
    """Return the tables that show a caller rows of a case."""
    scope = PUBLIC
    if column.role is not None:
        scope = scope_of(
            Caller(role=column.role, subject=column.subject, platform=column.platform)
        )
    with working_as(scope), system.database.get_connection() as connection:
        return frozenset(
            table
            for table, name in OF_CASES.items()
            if connection.execute(
                f"SELECT 1 FROM {table} WHERE {name} = %s LIMIT 1".encode(), (case,)
            ).fetchone()
        )


def test_who_meets_a_case_is_as_documented(met: list[Met]) -> None:
    phases = {one.phase for one in met}
    assert phases == set(Phase) - {Phase.NONE}
    assert sum(len(one.commands) for one in met) > 10_000
    for one in met:
        where = one.phase, one.column.name
        if one.column.role is None:
            assert one.read == 401, where
            assert set(one.commands.values()) == {401}, where
            assert not one.rows, where
            continue
        # Over HTTP as in the tables, whoever asks: in each phase, by each command.
        assert (one.read == 200) == one.is_seen, where
        reached = {name for name, said in one.commands.items() if said == 412}
        assert bool(reached) == one.is_seen, (where, one.commands)
        # Some routes are for parties alone: a role is refused before the case is met.
        # And a file that is there already is refused before its version is looked at.
        refused = {said for said in one.commands.values() if said != 412}
        known = {403, 409} if one.is_seen else {403, 404}
        assert refused <= known, (where, one.commands)
        views = {"queue", "audit_trail", "case_parties", "ledger"}
        assert one.rows >= views if one.is_seen else not one.rows & views, where
        allowed = {
            route.name
            for command, row in LIFECYCLE.items()
            if one.phase in row.phases and one.column.role in row.roles
            for route in ROUTES.get(command, ())
        }
        assert one.actions <= allowed, (where, one.actions - allowed)
    written = document(met)
    if os.environ.get("ACCESS") == "write":
        head, _, rest = PAGE.read_text("utf-8").partition(BEGINS)
        _, _, tail = rest.partition(ENDS)
        PAGE.write_text(head + BEGINS + written + ENDS + tail, "utf-8")
    _, _, said = PAGE.read_text("utf-8").partition(BEGINS)
    assert said.partition(ENDS)[0] == written


def document(met: list[Met]) -> str:
    """Return the tables in Markdown: rows, commands and fields."""
    asked = sum(len(one.commands) + 1 for one in met)
    return "".join(
        (
            f"{asked:,} requests were sent.\n",
            *rows_table(met),
            *commands_table(met),
            *fields_table(met),
        )
    )


def rows_table(met: list[Met]) -> Iterator[str]:
    """Yield a row for each caller: the phases in which each table shows the case."""
    yield "\n### Rows of a case\n\n"
    yield f"| caller | {' | '.join(OF_CASES)} |\n|---|{'---|' * len(OF_CASES)}\n"
    every = len({one.phase for one in met})
    for column in COLUMNS:
        own = [one for one in met if one.column == column]
        cells = []
        for table in OF_CASES:
            phases = [one.phase for one in own if table in one.rows]
            missing = [one.phase for one in own if table not in one.rows]
            said = "✓" if len(phases) == every else f"✓ but {', '.join(missing)}"
            cells.append(said if phases else "no")
        yield f"| {column.name} | {' | '.join(cells)} |\n"


def commands_table(met: list[Met]) -> Iterator[str]:
    """Yield a row for each action: who is offered it, in which phases."""
    yield "\n### What a case offers\n\n| action | to | in |\n|---|---|---|\n"
    offered: defaultdict[tuple[str, Role], set[Phase]] = defaultdict(set)
    for one in met:
        for action in one.actions:
            if one.column.role is not None:
                offered[action, one.column.role].add(one.phase)
    for (action, role), phases in sorted(offered.items()):
        listed = ", ".join(one for one in Phase if one in phases)
        yield f"| `{action}` | {role} | {listed} |\n"


def fields_table(met: list[Met]) -> Iterator[str]:
    """Yield a row for each field of a case: in which of its views it is."""
    views = ("buyer", "seller", "staff")
    yield "\n### Fields of a case\n\n"
    yield f"| field | {' | '.join(views)} |\n|---|---|---|---|\n"
    shown = {
        view: frozenset[str]().union(*(one.fields for one in met if one.view == view))
        for view in views
    }
    for field in sorted(frozenset[str]().union(*shown.values())):
        cells = " | ".join("✓" if field in shown[view] else "no" for view in views)
        yield f"| `{field}` | {cells} |\n"
