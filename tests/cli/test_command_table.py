"""The table of commands says where each command is, and what it does."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from interface import cli
from interface.cli.main import COMMANDS, redress

FOLDER = Path(cli.__path__[0])
LONG = 1_000
_NAMED = (
    "click.command(name=",
    "click.group('",
    "click.group(cls=ReportGroup",
    "click.group(invoke_",
)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_there_and_begins_its_help_as_the_table_says(name: str) -> None:
    row = COMMANDS[name]
    command = row.load()
    assert command.name == name
    assert command.get_short_help_str(LONG) == row.words


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_in_the_file_of_its_name(name: str) -> None:
    word = "import_history" if name == "import" else name.replace("-", "_")
    assert COMMANDS[name].place == f"interface.cli.{word}:{word}"


def test_every_command_that_there_is_stands_in_the_table() -> None:
    found = {
        f"interface.cli.{path.stem}:{node.name}"
        for path in FOLDER.glob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any(
            ast.unparse(one) in {"click.command()", "click.group()"}
            or ast.unparse(one).startswith(_NAMED)
            for one in node.decorator_list
        )
    }
    assert found == {row.place for row in COMMANDS.values()}


def test_the_list_of_commands_is_the_one_that_importing_them_all_gives() -> None:
    options = {"help_option_names": ["-h", "--help"]}
    eager = click.Group(
        "redress",
        {name: row.load() for name, row in COMMANDS.items()},
        params=redress.params,
        help=redress.help,
        context_settings=options,
    )
    for width in ("50", "80", "200"):
        lazy, told = (
            CliRunner(env={"COLUMNS": width}).invoke(group, ["--help"]).output
            for group in (redress, eager)
        )
        assert lazy == told
        assert "Commands:" in told


def test_a_mistyped_command_gets_suggestions() -> None:
    done = CliRunner().invoke(redress, ["verifi"])
    assert done.exit_code == 2
    assert "'verifier', 'verify'" in done.output


def test_commands_and_their_options_are_completed() -> None:
    completion = ShellComplete(redress, {}, "redress", "_REDRESS_COMPLETE")

    def completed(*typed: str) -> list[str]:
        *before, last = typed
        return [one.value for one in completion.get_completions(before, last)]

    assert completed("re") == ["rebuild", "replay", "report", "revoke"]
    assert completed("keys", "") == ["list", "remove", "rotate"]
    assert "--subject" in completed("token", "--")
    assert completed("replay", "--by", "") == ["recorded_at", "at"]


def test_a_command_leaves_the_environment_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PGAPPNAME", raising=False)
    before = dict(os.environ)
    assert CliRunner().invoke(redress, ["policy", "check", "/no/such"]).exit_code
    assert dict(os.environ) == before
