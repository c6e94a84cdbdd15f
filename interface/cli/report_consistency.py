"""`redress report consistency`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import click
import msgspec
from rich.table import Table

from interface.bootstrap import build
from interface.cli.extras import load
from interface.cli.known_values_of_record import known_values
from interface.cli.table_output import REPORT_WIDTH, print_table
from interface.settings.settings import read
from projections.consistency.alike_cases import AlikeCases, Alikeness
from projections.consistency.appeal_reversals import Reversals
from projections.consistency.consistency_report import (
    LEAST,
    ConsistencyReport,
)
from projections.consistency.consistency_report import consistency as counted
from projections.consistency.repeated_faults import RepeatedFaults
from projections.consistency.stage_lateness import Lateness
from projections.consistency.wilson_interval import Share
from projections.reports.known_values import check_known
from projections.reports.period import Question

SHOWN = 20
"""Lines of a table; JSON has all."""


PSEUDONYMS = (
    "Deciders and sellers have the lake's pseudonyms: names made by its key, which only"
    " the exporter can tell back. Counts are those of the record."
)


@click.command("consistency")
@click.argument("period")
@click.option("--platform", help="Only cases of this platform.")
@click.option("--category", help="Only cases of this category.")
@click.option("--source", help="Only what was imported from this system.")
@click.option("--zone", help="Where months begin [default: where the cases are].")
@click.option(
    "--least",
    type=click.IntRange(1, 1_000),
    default=LEAST,
    show_default=True,
    help="Of fewer cases no share is told.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--from", "place", metavar="DIR|s3://…", help="Count over this lake.")
def consistency(
    period: str,
    *,
    platform: str | None,
    category: str | None,
    source: str | None,
    zone: str | None,
    least: int,
    as_json: bool,
    place: str | None,
) -> None:
    """Tell whether like cases are decided alike in PERIOD, and in time.

    Reversals on appeal by rule, category and decider, with Wilson's interval at 95 %;
    alike cases decided differently; lateness by stage; sellers with repeated faults.
    """
    question = Question(
        period=period, zone=zone, category=category, system=source, platform=platform
    )
    if place is None:
        found = _of_record(question, least)
    else:
        lake_at = load("interface.cli.lake_place:lake_at")
        of_lake = load("projections.lake.lake_consistency:lake_consistency")
        found = of_lake(lake_at(place, ()), question, least)
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for table in _tables(found):
        print_table(table, most=REPORT_WIDTH)
    if found.record_from:
        click.echo(_begins(found, found.record_from))
    if place is not None and found.reversals:
        click.echo(PSEUDONYMS)


def _of_record(question: Question, least: int) -> ConsistencyReport:
    system = build(read())
    try:
        with system.database.get_connection() as connection:
            check_known(question, known_values(connection))
            return counted(connection, question, least)
    finally:
        system.close()


def _begins(found: ConsistencyReport, day: str) -> str:
    begins = f"the record begins on {day}"
    return begins if found.reversals else f"{found.period}: nothing is known: {begins}"


def _tables(found: ConsistencyReport) -> Iterator[Table]:
    """Yield the tables of what was counted: none of a time before the record."""
    if found.reversals:
        yield from _reversals(found.reversals)
    if found.alike:
        yield _alike(found.alike)
    if found.lateness:
        yield _lateness(found.lateness)
    if found.sellers:
        yield _sellers(found.sellers)


def _reversals(reversals: Reversals) -> Iterator[Table]:
    for title, listed in (
        ("changed on appeal, by rule cited", (reversals.whole, *reversals.by_rule)),
        ("changed on appeal, by category", reversals.by_category),
        ("changed on appeal, by decider", reversals.by_decider),
    ):
        rows = ((x.key, x.changed, x.decided, *_share(x)) for x in listed)
        yield _table(title, ("", "changed", "decided", "share", "95 %"), rows)


def _alike(alike: Alikeness) -> Table:
    return _table(
        f"alike cases: {alike.different} of {alike.pairs} pairs decided differently",
        ("about", "cited", "amount", "evidence", "different", "decided"),
        map(_kind, alike.listed),
    )


def _lateness(lateness: tuple[Lateness, ...]) -> Table:
    late = ((x.stage, x.category, x.late, x.cases, *_share(x)) for x in lateness)
    return _table("late", ("stage", "category", "late", "cases", "share", "95 %"), late)


def _sellers(sellers: RepeatedFaults) -> Table:
    return _table(
        f"sellers with repeated faults: {sellers.sellers}",
        ("platform", "seller", "faults", "ruled", "share", "95 %"),
        ((x.platform, x.seller, x.faults, x.ruled, *_share(x)) for x in sellers.listed),
    )


def _kind(kind: AlikeCases) -> tuple[object, ...]:
    about = f"{kind.category}/{kind.reason}"
    decided = ", ".join(
        f"{one.cases} {one.liability}: {one.remedies}" for one in kind.decisions
    )
    different = f"{kind.different} of {kind.pairs}"
    return (about, kind.cited, kind.amount, kind.evidence, different, decided)


def _share(one: Share) -> tuple[str, str]:
    if one.rate is None or one.low is None or one.high is None:
        return "too few", ""
    return f"{one.rate:.1%}", f"{one.low:.1%} to {one.high:.1%}"


def _table(
    title: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> Table:
    table = Table(*columns, title=title)
    for row in islice(rows, SHOWN):
        table.add_row(*map(str, row))
    return table
