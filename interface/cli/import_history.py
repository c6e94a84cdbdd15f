"""`redress import`: history from a file, a row a case; or a case in a bundle."""

from __future__ import annotations

import time
from pathlib import Path
from uuid import UUID

import click
import msgspec
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from application.imports.importer import Importer
from application.imports.mapping import text_of
from application.imports.mapping_validation import load
from application.imports.progress import Progress as Imported
from interface.bootstrap import System, build
from interface.cli import import_bundle
from interface.cli.progress_bars import on_stderr
from interface.health import health
from interface.run.worker import Worker
from interface.settings.settings import read

PAUSE_SECONDS = 0.1


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--mapping", help="A mapping file, or one that ships: sindec, cfpb.")
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
    file: Path | None,
    *,
    mapping: str | None,
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
    """Take history over: one row of FILE a case, or one case in a bundle.

    Running it twice adds nothing; interrupted, it goes on where it stopped. A bundle is
    verified first, kept as it came, and marked with the log that it came from.
    """
    if forget is not None and file is None and bundle_file is None:
        import_bundle.forget(forget)
    elif bundle_file is not None and file is None and mapping is None:
        import_bundle.take_over(
            bundle_file,
            key,
            witness,
            quorum,
            statement_keys=statement_key,
            as_json=as_json,
        )
    elif file is not None and mapping is not None and bundle_file is None:
        kept = rejects or file.with_name(f"{file.name}.rejects.csv")
        _import_rows(file, mapping, kept, keep_rejects=keep_rejects, as_json=as_json)
    else:
        raise click.UsageError("say FILE and --mapping, or --bundle and --key")


def _import_rows(
    path: Path, mapping_name: str, rejects: Path, *, keep_rejects: bool, as_json: bool
) -> None:
    """Import a file, then bring the views up to it."""
    text = text_of(mapping_name)
    system = build(read())
    mapping = load(text, system.rulebooks.codes)
    importer = Importer(system.disputes, mapping, text, [path])
    began = time.monotonic()
    with _bar() as progress:
        bar = progress.add_task(f"import {path.name}", total=1.0, said="")

        def show(now: Imported) -> None:
            said = f"{now.rows:,} rows, {now.events:,} events, {now.rejected} rejected"
            progress.update(bar, completed=now.share, said=said)

        done = importer.run(rejects, show, keep_rejects=keep_rejects)
        seconds = time.monotonic() - began
        progress.update(bar, completed=1.0)
        _follow(system, progress)
    system.close()
    _print(done, seconds, rejects if keep_rejects else None, as_json=as_json)


def _follow(system: System, progress: Progress) -> None:
    """Wait until the views hold all events; bring them up here if nobody else does."""
    worker = Worker(system)
    bar = progress.add_task("bring the views up to it", total=1.0, said="")
    while True:
        moved = sum(part.tick() for part in worker.led)
        found = health(system)
        # A halted view would keep the command waiting for ever; health names it.
        lag = max((view.lag for view in found.views if not view.halted), default=0)
        progress.update(bar, said=f"{found.unordered + lag:,} events to go")
        if not found.unordered and not lag:
            break
        # Another process does the work, or a transaction that is open holds it up.
        if not moved:
            time.sleep(PAUSE_SECONDS)
    progress.update(bar, completed=1.0, said="")
    worker.close()


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%  {task.fields[said]}"),
        TimeRemainingColumn(),
        console=on_stderr(),
    )


def _print(
    done: Imported, seconds: float, rejects: Path | None, *, as_json: bool
) -> None:
    if as_json:
        result = msgspec.structs.asdict(done) | {"seconds": round(seconds, 3)}
        click.echo(msgspec.json.encode(result))
        return
    grown = f", {done.grown:,} grown" if done.grown else ""
    skipped = f", {done.skipped:,} rows without an event" if done.skipped else ""
    click.echo(
        f"{done.rows:,} rows: {done.cases:,} cases with {done.events:,} events added,"
        f" {done.present:,} there already{grown}{skipped},"
        f" {done.rejected:,} rejected ({seconds:.1f} s)"
    )
    if done.rejected and rejects is not None:
        click.echo(f"rejected rows, with line and reason: {rejects}")
