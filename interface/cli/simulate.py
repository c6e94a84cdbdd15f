"""`redress simulate`: the closed cases of a period under a draft of a profile."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click
import msgspec
from rich.table import Table

from application.operator_error import OperatorError
from application.rules.rulebook import ProfileWrong
from domain.case.context import Rulebook
from interface.bootstrap import System, build
from interface.cli.known_values_of_record import known_values
from interface.cli.table_output import print_table
from interface.settings.settings import read
from projections.reports.known_values import check_known
from projections.reports.period import Question
from projections.simulation.simulated_figures import SimulatedGroup
from projections.simulation.simulation import (
    BehindFigure,
    DraftedPeriod,
    Simulation,
)


@click.command()
@click.option(
    "--policy",
    required=True,
    type=click.Path(path_type=Path),
    help="File of the draft, a profile in TOML.",
)
@click.option("--period", required=True, help="2026, 2026-Q3, 2026-09 or all.")
@click.option("--instead-of", help="A profile's name [default: the draft's name].")
@click.option("--category", help="Only cases of this category.")
@click.option("--cases", metavar="FIGURE", help="List the cases behind a figure.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def simulate(
    *,
    policy: Path,
    period: str,
    instead_of: str | None,
    category: str | None,
    cases: str | None,
    as_json: bool,
) -> None:
    """Replay the cases closed in a period under a draft of a policy profile.

    It counts which limits would have been missed, which cases would have escalated or
    been withdrawn by silence, and how long each stage would have taken. People act when
    they did; what they would have done instead, nobody knows.
    """
    with closing(build(read())) as system:
        book = _draft(system, policy)
        name = instead_of or book.policy.name
        _refuse_unknown(system, name)
        question = Question(period=period, category=category)
        drafted = DraftedPeriod(book, name, question)
        with system.database.get_connection() as connection:
            check_known(question, known_values(connection))
            drafted.run(connection)
    if cases is not None:
        behind = drafted.behind(cases)
        # Beside the list, which may be for a program.
        click.echo(_begins(drafted.found), nl=False, err=True)
        _print_cases(behind, as_json=as_json)
    elif as_json:
        click.echo(msgspec.json.encode(drafted.found))
    else:
        _print(drafted.found)


def _draft(system: System, path: Path) -> Rulebook:
    try:
        return system.rulebooks.read(path.read_text("utf-8"))
    except OSError as error:
        raise ProfileWrong(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise ProfileWrong(f"{path}: {error}") from None


def _refuse_unknown(system: System, name: str) -> None:
    """Raise OperatorError for a profile of which there is no version."""
    known = sorted({one.partition("/")[0] for one in system.rulebooks.ids})
    if name not in known:
        said = f"there is no profile {name}; --instead-of takes {', '.join(known)}"
        raise OperatorError(said)


def _print(found: Simulation) -> None:
    said = f"{found.draft} instead of {found.instead_of}, {found.period}"
    if found.groups:
        click.echo(f"{said}: {found.groups[0].cases:,} closed cases replayed")
    else:
        click.echo(f"{said}: nothing is known")
    click.echo(_begins(found), nl=False)
    for why, number in found.left_out.items():
        click.echo(f"left out: {number:,} ({why})")
    for group in found.groups:
        print_table(_table(group))
    click.echo("It cannot know:")
    for one in found.unknown:
        click.echo(f"- {one}")


def _begins(found: Simulation) -> str:
    """Return the line on when the record begins, if that is behind the first day."""
    if found.record_from is None:
        return ""
    return f"{found.period}: the record begins on {found.record_from}\n"


def _table(group: SimulatedGroup) -> Table:
    title = f"{group.category}, {group.cases:,} cases"
    table = Table("figure", "recorded", "draft", "more", "fewer", title=title)
    for one in group.counts:
        table.add_row(
            one.figure,
            f"{one.recorded:,} of {one.ran:,}",
            f"{one.draft:,} of {one.draft_ran:,}",
            f"{one.more:,}",
            f"{one.fewer:,}",
        )
    for stage in group.stages:
        table.add_row(
            stage.figure,
            _hours(stage.recorded, stage.cases),
            _hours(stage.draft, stage.draft_cases),
        )
    return table


def _hours(median: float | None, cases: int) -> str:
    return "" if median is None else f"{median:,.2f} h, {cases:,} cases"


def _print_cases(found: tuple[BehindFigure, ...], *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    table = Table("case", "category", "recorded", "draft")
    for one in found:
        table.add_row(
            str(one.case), one.category, _said(one.recorded), _said(one.draft)
        )
    print_table(table)


def _said(value: bool | float | None) -> str:  # noqa: FBT001 - a value to be shown
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case _:
            return f"{value:,.2f} h"
