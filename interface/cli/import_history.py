"""`redress import`: history from other systems; or a case in a bundle."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import click

from interface.cli import import_bundle
from interface.cli.import_rows import Job, import_rows
from projections.reports.period import Question


@click.command(name="import")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--mapping", help="A mapping file, or one that ships: sindec, cfpb.")
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    help="What stands for ${NAME} in the mapping.",
)
@click.option("--check", is_flag=True, help="Read it all, write nothing, sum it up.")
@click.option(
    "--report",
    "period",
    metavar="PERIOD",
    help="With --check: the figures of a period (2026, 2026-Q1, all) as they would be.",
)
@click.option("--yes", is_flag=True, help="Import without a summary and a question.")
@click.option(
    "--rejects",
    type=click.Path(path_type=Path),
    help="Where bad rows go [default: FILE.rejects.csv].",
)
@click.option(
    "--keep-rejects/--no-rejects",
    default=True,
    help="Bad rows hold personal data as the source has it: only count them.",
)
@click.option(
    "--bundle",
    "bundle_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take a case over from another log, in its bundle.",
)
@click.option("--forget", type=click.UUID, help="Destroy what a bundle told of CASE.")
@click.option("--key", multiple=True, metavar="VKEY", help="Of the bundle's log.")
@click.option("--witness", multiple=True, metavar="VKEY", help="Who has co-signed it.")
@click.option(
    "--statement-key",
    multiple=True,
    metavar="VKEY",
    help="Of its application [default: those that the log's keys endorse].",
)
@click.option("--quorum", type=int, help="How many of them [default: all].")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def import_history(
    files: tuple[Path, ...],
    *,
    mapping: str | None,
    values: tuple[str, ...],
    check: bool,
    period: str | None,
    yes: bool,
    rejects: Path | None,
    keep_rejects: bool,
    bundle_file: Path | None,
    forget: UUID | None,
    key: tuple[str, ...],
    witness: tuple[str, ...],
    statement_key: tuple[str, ...],
    quorum: int | None,
    as_json: bool,
) -> None:
    """Take history over: FILEs or a query by a mapping, or one case in a bundle.

    What an import would do is summed up, and confirmed, before anything is written.
    Running it twice adds nothing; interrupted, it goes on where it stopped; a newer
    export adds what is new. A bundle is verified first, kept as it came, and marked
    with the log that it came from.
    """
    if forget is not None and not files and bundle_file is None:
        import_bundle.forget(forget)
    elif bundle_file is not None and not files and mapping is None:
        import_bundle.take_over(
            bundle_file,
            key,
            witness,
            quorum,
            statement_keys=statement_key,
            as_json=as_json,
        )
    elif mapping is not None and bundle_file is None:
        named = _named(values)
        question = _asked(period, check=check)
        import_rows(
            Job(mapping, files, named, rejects, keeps=keep_rejects, question=question),
            check=check,
            ask=not yes,
            as_json=as_json,
        )
    else:
        raise click.UsageError("say FILE and --mapping, or --bundle and --key")


def _asked(period: str | None, *, check: bool) -> Question | None:
    """Return of which period figures are counted. Raises BadQuestion, UsageError."""
    if period is None:
        return None
    if not check:
        raise click.UsageError("--report goes with --check")
    question = Question(period=period)
    _ = question.bounds
    return question


def _named(values: tuple[str, ...]) -> dict[str, str]:
    """Return the values that are set, by name. Raises UsageError."""
    found = {}
    for one in values:
        name, equals, value = one.partition("=")
        if not equals or name in found:
            raise click.UsageError(f"--set {one}: say NAME=VALUE, each NAME once")
        found[name] = value
    return found
