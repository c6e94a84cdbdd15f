"""Every table that a command prints shows its values whole, however narrow it is."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from msgspec import Struct
from rich.table import Table

from application.deliveries.webhook import State, Webhook
from application.deliveries.webhook_table import Webhooks
from application.imports.importer import Importer
from application.imports.mapping_validation import load
from interface import cli
from interface.bootstrap import System
from interface.cli.main import redress
from interface.cli.table_output import print_table
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People, background, file_for, http, people, system
from tests.imports.conftest import GOOD, HEADER, MAPPING
from tests.projections.conftest import session

__all__ = ["background", "http", "people", "session", "system"]

FOLDER = Path(cli.__path__[0])
URL = f"https://example.com/{'long/' * 30}hook"
WHY = "[bold]Told twice[/bold] :smile: " + "and again " * 10
WHY = WHY.strip()
POLICY = FOLDER.parent.parent / "domain" / "policy" / "jd-like-1.toml"


class Installed(Struct):
    """An installation with something in every table."""

    system: System
    case: str
    session: Any

    def call(self, *arguments: str, columns: str = "40") -> str:
        environ = {
            "COLUMNS": columns,
            "DATABASE_URL": self.system.url,
            "REDRESS_HOME": str(self.system.settings.home),
        }
        done = CliRunner(env=environ).invoke(redress, arguments)
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output


@pytest.fixture
def here(
    people: People, background: Worker, system: System, clock: Clock, session: Any
) -> Installed:
    case = file_for(people)
    people.mediator.act(case, "admission", {})
    clock.forward(days=20)
    background.catch_up()
    return Installed(system, case, session)


def keyed(here: Installed) -> list[str]:
    name, subject = "n" * 60, "s" * 60
    asked = ("--name", name, "--role", "platform", "--subject", subject)
    here.call("api-key", "create", *asked, "--platform", "shop")
    (listed,) = here.call("api-key", "list", "--json").splitlines()
    key = json.loads(listed)["id"]
    return [key, name, f"shop/platform/{subject}"]


def given_up(here: Installed) -> list[str]:
    webhook = Webhook(
        webhook_id=uuid4(),
        platform="shop",
        url=URL,
        topics=None,
        state=State.DISABLED,
        after=0,
        created_at=datetime.now(UTC),
    )
    Webhooks(here.system.database, here.system.keys).create(webhook, "v-1")
    here.session.execute(
        "UPDATE webhooks SET state = 'disabled' WHERE webhook_id = %s",
        (webhook.webhook_id,),
    )
    return [str(webhook.webhook_id), URL]


def revoked(here: Installed) -> list[str]:
    subject = "b" * 60
    asked = ("--subject", subject, "--platform", "shop", "--reason", WHY)
    here.call("revoke", *asked)
    return [f"tokens of {subject}, shop, issued until then", WHY]


def published(here: Installed) -> list[str]:
    told = json.loads(here.call("report", "publish", "2026-03", "--json"))
    return [str(told["sha256"])]


def aside(here: Installed) -> list[str]:
    here.session.execute(
        "INSERT INTO parked SELECT 'queue', originator_id, position, %s FROM ledger"
        " WHERE originator_id = %s ORDER BY position LIMIT 1",
        (WHY, UUID(here.case)),
    )
    return [here.case, WHY, "audit_trail"]


def replayed(here: Installed) -> list[str]:
    (_, second, *_) = here.call("replay", here.case, "--json").splitlines()
    fact = json.loads(second)["fact"]
    at = datetime.fromisoformat(fact["recorded_at"])
    return [f"{at:%Y-%m-%d %H:%M:%SZ}", "mediator m-1", "awaiting-response"]


def imported(here: Installed) -> list[str]:
    """Take a row over from a file with a long name."""
    path = here.system.settings.home / f"{'n' * 60}.csv"
    path.write_text(HEADER + GOOD)
    mapping = load(MAPPING, here.system.rulebooks.codes)
    importer = Importer(here.system.disputes, mapping, MAPPING, [path])
    importer.run(path.with_suffix(".rejects"), lambda _: None)
    (listed,) = here.call("imports", "--json").splitlines()
    return [path.name, json.loads(listed)["id"], "desk"]


SHOWN: dict[tuple[str, ...], Callable[[Installed], list[str]]] = {
    ("api-key", "list"): keyed,
    ("deliveries",): given_up,
    ("difference", "CASE", "--from", "1", "--to", "2"): lambda _: [
        '"awaiting-response"'
    ],
    ("imports",): imported,
    ("keys", "list"): lambda _: ["current"],
    ("policy", "check", str(POLICY)): lambda _: [
        "performance-refund-after-return",
        "counterfeit-suspected: 5 days",
    ],
    ("replay", "CASE"): replayed,
    ("report", "2026-03"): lambda _: ["Disputes filed"],
    ("report", "editions"): published,
    ("revoke", "--list"): revoked,
    ("views",): aside,
    ("views", "list"): aside,
}


@pytest.mark.parametrize("command", SHOWN, ids=" ".join)
def test_what_a_table_shows_is_whole(here: Installed, command: tuple[str, ...]) -> None:
    words = SHOWN[command](here)
    asked = [here.case if one == "CASE" else one for one in command]
    narrow = here.call(*asked)
    assert "…" not in narrow
    assert [one for one in words if one not in narrow] == []
    assert here.call(*asked, columns="400") == narrow


def test_views_and_views_list_are_the_same(here: Installed) -> None:
    aside(here)
    assert here.call("views", "list") == here.call("views")
    listed = here.call("views", "list", "--json")
    assert listed == here.call("views", "--json")
    assert {json.loads(line)["place"]["name"] for line in listed.splitlines()} > {
        "queue",
        "standing",
        "deliveries",
    }


def test_every_command_with_a_table_prints_it_whole() -> None:
    by_module: dict[str, set[str]] = {}
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = {one.name for one in node.names}
                by_module.setdefault(path.stem, set()).update(names)
    # On stdout nothing else decides how wide it is.
    consoles = {name for name, used in by_module.items() if "Console" in used}
    assert consoles == {"table_output", "progress_bars"}
    printing = {name for name, used in by_module.items() if "print_table" in used}
    named = {"view_table": "views", "report_output": "report", "answer_output": "sql"}
    # Their tables need a lake, a draft, or rulings: their own tests look at them.
    elsewhere = {"report_publish", "report_consistency", "simulate", "sql"}
    shown = {one[0].replace("-", "_") for one in SHOWN} | elsewhere
    assert {named.get(name, name) for name in printing} == shown


class Terminal(io.StringIO):
    """What is written to a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_pipe_has_no_width_whoever_forces_colours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = io.StringIO()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "30")
    table = Table("key", "value")
    table.add_row("k" * 40, "w" * 70)
    print_table(table)
    assert f"{'k' * 40} │ {'w' * 70}" in out.getvalue()


def test_a_narrow_terminal_folds_and_cuts_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = Terminal()
    monkeypatch.setattr("sys.stdout", out)
    monkeypatch.setenv("COLUMNS", "30")
    table = Table("key", "value")
    table.columns[0].no_wrap = True
    table.add_row("k" * 40, "[bold]v[/bold] " + "w" * 70)
    print_table(table)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines[3:])) <= 30
    assert out.getvalue().count("k") == 40 + len("k")
    assert out.getvalue().count("w") == 70
    assert "[bold]v" in out.getvalue()
