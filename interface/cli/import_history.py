"""`redress import`."""

from __future__ import annotations

import time
from pathlib import Path

import click
import msgspec
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from application.imports.importer import Importer
from application.imports.mapping import text_of
from application.imports.mapping_validation import load
from application.imports.progress import Progress as Imported
from interface.bootstrap import System, build
from interface.cli.doctor import on_stderr
from interface.health import health
from interface.run.worker import Worker
from interface.settings import read

PAUSE_SECONDS = 0.1


def run_import(
    path: Path,
    mapping_name: str,
    rejects: Path | None,
    *,
    keep_rejects: bool = True,
    as_json: bool,
) -> None:
    """Import a file, then bring the views up to it."""
    rejects = rejects or path.with_name(f"{path.name}.rejects.csv")
    text = text_of(mapping_name)
    system = build(read())
    mapping = load(text, system.rulebooks.codes)
    importer = Importer(system.disputes, mapping, text, path)
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
    """Wait until the views hold all that there is; do it here if nobody else does."""
    worker = Worker(system)
    bar = progress.add_task("bring the views up to it", total=1.0, said="")
    while True:
        moved = sum(part.tick() for part in worker.led)
        found = health(system)
        lag = max((view.lag for view in found.views if not view.halted), default=0)
        progress.update(bar, said=f"{found.unordered + lag:,} events to go")
        if not found.unordered and not lag:
            break
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
    click.echo(
        f"{done.rows:,} rows: {done.cases:,} cases with {done.events:,} events added,"
        f" {done.present:,} there already, {done.rejected:,} rejected"
        f" ({seconds:.1f} s)"
    )
    if done.rejected and rejects is not None:
        click.echo(f"rejected rows, with line and reason: {rejects}")
