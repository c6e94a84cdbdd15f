"""Imports rows by a mapping: sums up and asks, imports, and brings the views up."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
import msgspec
from msgspec import Struct
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from application.imports.evidence_keeper import EvidencePlace
from application.imports.importer import Importer
from application.imports.mapping import FileMapping
from application.imports.mapping_text import text_of, with_values
from application.imports.mapping_validation import load
from application.imports.progress import Progress as Imported
from application.imports.trial import Summary, tried
from application.record.envelope import Recorded
from interface.bootstrap import System, build
from interface.cli.import_summary import as_json as json_of
from interface.cli.import_summary import print_summary
from interface.cli.progress_bars import LateProgress, on_stderr
from interface.cli.report_output import write
from interface.health import health
from interface.run.worker import Worker
from interface.settings.settings import read
from projections.reports.period import Question
from projections.reports.report import Report

PAUSE_SECONDS = 0.1


class Job(Struct, frozen=True):
    """What is imported: by which mapping, with what set in it, and its rejects.

    `rejects`: None is beside the first file. `question`: of which figures are counted
    over the cases as they would be.
    """

    mapping: str
    files: tuple[Path, ...]
    values: Mapping[str, str]
    rejects: Path | None
    keeps: bool
    question: Question | None = None

    @property
    def folder(self) -> Path:
        """Return the folder where the mapping's names of files begin."""
        path = Path(self.mapping)
        return path.parent if path.is_file() else Path()


def import_rows(job: Job, *, check: bool, ask: bool, as_json: bool) -> None:
    """Import a source, or only say what that would do."""
    if ask and not check and not sys.stdin.isatty():
        raise click.UsageError("nobody can be asked here: say --yes, or --check")
    text = with_values(text_of(job.mapping), job.values)
    system = build(read())
    mapping = load(text, system.rulebooks.codes)
    if check or ask:
        summary, counted = _tried(system, mapping, job)
        if check and as_json:
            click.echo(json_of(summary))
        else:
            print_summary(summary, mapping)
        if counted is not None and job.question is not None:
            codes = system.rulebooks.codes
            form = "json" if as_json else None
            write(counted, form, job.question, codes, sys.stdout.buffer)
        if check or not click.confirm("Import this?"):
            system.close()
            return
    _import(system, mapping, text, job, as_json=as_json)
    system.close()


def _tried(
    system: System, mapping: FileMapping, job: Job
) -> tuple[Summary, Report | None]:
    counted: Report | None = None

    def count(cases: Iterator[Sequence[Recorded]]) -> None:
        nonlocal counted
        if job.question is not None:
            # DuckDB takes a while to be loaded, and is an extra.
            from projections.lake.trial_report import trial_report  # noqa: PLC0415

            counted = trial_report(cases, job.question)

    with _bar() as progress:
        bar = progress.add_task("read", total=1.0, said="")

        def show(share: float, now: Summary) -> None:
            said = f"{now.rows:,} rows, {now.rejected} rejected"
            progress.update(bar, completed=share, said=said)

        place = EvidencePlace(system.evidence, system.settings.upload_limit)
        files, folder = job.files, job.folder
        found = tried(system.disputes, mapping, files, folder, show, place, count)
    return found, counted


def _import(
    system: System, mapping: FileMapping, text: str, job: Job, *, as_json: bool
) -> None:
    """Import a source, then bring the views up to it."""
    place = EvidencePlace(system.evidence, system.settings.upload_limit)
    importer = Importer(system.disputes, mapping, text, job.files, job.folder, place)
    first = next(path for paths in importer.files.values() for path in paths)
    rejects = job.rejects or first.with_name(f"{first.name}.rejects.csv")
    began = time.monotonic()
    with _bar() as progress:
        bar = progress.add_task(f"import {first.name}", total=1.0, said="")

        def show(now: Imported) -> None:
            said = f"{now.rows:,} rows, {now.events:,} events, {now.rejected} rejected"
            progress.update(bar, completed=now.share, said=said)

        done = importer.run(rejects, show, keep_rejects=job.keeps)
        seconds = time.monotonic() - began
        progress.update(bar, completed=1.0)
        _follow(system, progress)
    _print(done, seconds, rejects if job.keeps else None, as_json=as_json)


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
    return LateProgress(
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
