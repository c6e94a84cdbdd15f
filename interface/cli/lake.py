"""`redress lake`: the record as Delta tables, for analysts."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import click
import msgspec

from application.log.format.note import NoteMalformed
from application.log.format.verifier_keys import VerifierKey, parse_vkey
from application.record.database import connected
from interface.bootstrap import System, build
from interface.cli.extras import load
from interface.cli.lake_key import lake_pseudonyms
from interface.cli.lake_place import lake_at, lake_options
from interface.cli.progress_bars import rates
from interface.cli.pseudonym_key import pseudonym_options
from interface.settings.settings import SettingError, read
from projections.lake.dictionary import as_markdown
from projections.lake.dictionary import dictionary as told
from projections.lake.lake_errors import LakeWrong
from projections.lake.lake_export import LakeExport
from projections.lake.lake_report import lake_report
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import CASE_TABLES, EVENTS
from projections.lake.lake_verification import LakeStatus, LakeVerdict, verify_lake
from projections.reports.period import Question
from projections.reports.public_figures import made_public
from projections.reports.report import Report
from projections.reports.report_edition import canonical
from projections.reports.report_edition import digest as digest_of

LOOK_SECONDS = 5.0
"""How often `--follow` looks for more events."""

_STATUS = {LakeStatus.INTACT: 0, LakeStatus.DIFFERS: 1, LakeStatus.NOT_SIGNED: 3}

NOT_CHECKED = (
    "whether the columns of events are what was recorded (a leaf binds the record's"
    " bytes, with texts that no lake has); codes, policies, rules and calendar"
)

place = click.argument("place", metavar="DIR|s3://…")


@click.group()
def lake() -> None:
    """Write the record as Delta tables for analysts, and check them.

    The lake has codes, amounts, times and pseudonyms, and no personal text.
    """


@lake.command()
@place
@lake_options
@click.option("--follow", is_flag=True, help="Go on as the record grows, until ended.")
@pseudonym_options
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=os.cpu_count() or 1,
    show_default="one for each core",
    help="How many processes export, where much is missing.",
)
def export(
    place: str,
    *,
    options: tuple[str, ...],
    follow: bool,
    pseudonyms: Path | None,
    jobs: int,
) -> None:
    """Bring the lake at DIR, or in an object store, to the end of the record.

    Interrupted, it goes on where it stopped. Two lakes under one key of pseudonyms can
    be joined by the people in them, under two keys they cannot.
    """
    where = lake_at(place, options)
    try:
        _bring_on(where, pseudonyms, jobs, follow=follow)
    except (KeyboardInterrupt, SystemExit) as ended:
        _tell_end(where)
        # Whoever follows is ended so, as a server is.
        if not follow:
            number = signal.SIGINT
            sys.exit(ended.code if isinstance(ended, SystemExit) else 128 + number)


def _bring_on(where: Lake, pseudonyms: Path | None, jobs: int, *, follow: bool) -> None:
    with closing(build(read())) as system:
        with lake_pseudonyms(system, where, pseudonyms) as people:
            one = LakeExport(
                url=system.url,
                lake=where,
                pseudonyms=people,
                books=system.rulebooks,
                folder=system.settings.home,
                jobs=jobs,
            )
            stand = _stand(system, one)
            upto = _export(system, one)
        click.echo(f"{where.place}: {upto:,} events")
        while follow:
            time.sleep(LOOK_SECONDS)
            before, stand = stand, _stand(system, one)
            if stand != before:
                _export(system, one)


def _tell_end(where: Lake) -> None:
    """Tell how far an export has come that was ended."""
    if sys.stderr.isatty():
        # Behind the ^C.
        click.echo(err=True)
    reached = 0
    with suppress(LakeWrong):
        reached = where.exported_to([EVENTS, *CASE_TABLES])
    said = f"{reached:,} events; the next export goes on from there"
    click.echo(f"{where.place}: {said}")


def _stand(system: System, one: LakeExport) -> tuple[int, int]:
    with connected(system.url, "lake") as connection:
        return one.stand(connection)


def _export(system: System, one: LakeExport) -> int:
    with rates() as progress, connected(system.url, "lake") as connection:
        events = progress.add_task("events", total=None)
        cases = progress.add_task("cases", total=None)

        def events_done(done: int, total: int) -> None:
            progress.update(events, completed=done, total=total)

        def cases_done(done: int, total: int) -> None:
            progress.update(cases, completed=done, total=total)

        return one.run(connection, events_done, cases_done)


@lake.command()
@place
@lake_options
@click.option("--key", "keys", multiple=True, required=True, metavar="VKEY")
@click.option(
    "--every",
    type=click.IntRange(1),
    default=1,
    metavar="N",
    help="Fold only about one in N cases again, drawn anew each time.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(
    place: str,
    *,
    options: tuple[str, ...],
    keys: tuple[str, ...],
    every: int,
    as_json: bool,
) -> None:
    """Compute the log again from the lake's leaves, and compare it with what is signed.

    The tables of cases are made again from the lake's events, and compared with what
    is there. VKEY: a verifier key of the log. It needs no database. Exit status 1:
    something differs. 3: nothing differs, but no checkpoint that the keys have signed
    covers it.
    """
    verdict = verify_lake(lake_at(place, options), _keys(keys), every)
    if as_json:
        click.echo(msgspec.json.encode(verdict))
    elif verdict.status is LakeStatus.INTACT:
        _tell(verdict)
    else:
        click.echo(f"redress lake verify: {verdict.status}: {verdict.said}")
    sys.exit(_STATUS[verdict.status])


def _tell(verdict: LakeVerdict) -> None:
    left = verdict.events - verdict.signed
    more = f"; {left:,} not signed yet" if left else ""
    said = f"their leaves give the signed root at {verdict.size:,} entries of the log"
    click.echo(f"intact: {verdict.signed:,} events, {said}{more}")
    aside = f"; {verdict.left_out:,} could not be folded" if verdict.left_out else ""
    click.echo(
        f"intact: {verdict.folded:,} cases, their rows are what events give{aside}"
    )
    click.echo(f"not checked: {NOT_CHECKED}")


@lake.command()
@click.argument("period")
@place
@lake_options
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb")
@click.option(
    "--master",
    metavar="URL",
    help="Spark's, such as local[2]; left out under spark-submit.",
)
@click.option("--by", default="none", show_default=True, help="month, category …")
@click.option("--digest", is_flag=True, help="Print the SHA-256 of the figures.")
def report(
    period: str,
    place: str,
    *,
    options: tuple[str, ...],
    engine: str,
    master: str | None,
    by: str,
    digest: bool,
) -> None:
    """Count the figures of PERIOD over the lake, as JSON, by DuckDB or by Spark.

    The figures and their digest are those of the record at the lake's position.
    """
    question, where = Question(period=period, by=by), lake_at(place, options)
    if engine == "spark":
        spark_report = load("projections.lake.spark_report:spark_report")
        counted: Report = spark_report(where, question, master)
    else:
        counted = lake_report(where, question)
    if digest:
        click.echo(f"{digest_of(canonical(counted))}  report")
        click.echo(f"{digest_of(canonical(made_public(counted)))}  public copy")
    else:
        click.echo(msgspec.json.encode(counted))


@lake.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def dictionary(*, as_json: bool) -> None:
    """Print what every table and column of a lake means, and where it comes from."""
    tables = told()
    click.echo(msgspec.json.encode(tables) if as_json else as_markdown(tables))


def _keys(vkeys: tuple[str, ...]) -> tuple[VerifierKey, ...]:
    try:
        return tuple(map(parse_vkey, vkeys))
    except NoteMalformed as error:
        raise SettingError(f"--key: {error}") from None
