"""`redress doctor`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
import msgspec

from application.jobs.status import JobKind
from interface.bootstrap import build
from interface.health import examined as examine_system
from interface.settings.settings import Settings, read
from interface.setup.doctor_checks import is_well, kept_findings, server_findings
from interface.setup.production_checks import NOTE, OK, checked, production_findings
from projections.health.examination import Examination
from projections.health.health_finding import Part
from projections.health.view_health import ViewHealth

WHOLE_PARTS = (
    *(Part.DATABASE, Part.SEQUENCER, Part.WORKER, Part.CALENDAR),
    *(Part.EVIDENCE, Part.WEBHOOKS),
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--production", is_flag=True, help="Check what production rests on, too.")
def doctor(*, as_json: bool, production: bool) -> None:
    """Check settings, keys, database, schema and views; say what is wrong."""
    findings = list(examined(read(), production=production))
    if as_json:
        click.echo(msgspec.json.encode(dict(findings)))
    else:
        for name, found in findings:
            is_note = found.startswith(NOTE)
            mark = "note" if is_note else "ok  " if is_well(found) else "BAD "
            click.echo(f"{mark} {name}: {found.removeprefix(NOTE)}")
    if not all(is_well(found) for _, found in findings):
        sys.exit(1)


def examined(
    settings: Settings, *, production: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield each part that is examined, and what is wrong with it, or OK."""
    system = None

    def wiring() -> str:
        nonlocal system
        system = build(settings)
        return OK

    yield "settings, keys, database, schema", checked(wiring)
    # Nothing further can be examined without them.
    if system is None:
        return
    yield from server_findings(system)
    yield from _of_health(examine_system(system))
    yield from kept_findings(system)
    if production:
        yield from production_findings(system)
    system.close()


def _of_health(found: Examination) -> Iterator[tuple[str, str]]:
    """Sort the findings, warnings too, by the part that they are about."""
    for view in found.views:
        noted = "; ".join(filter(None, (_audited(view), found.noted_of(view.name))))
        fine = f"{OK}; {noted}" if noted else OK
        yield f"view {view.name}", found.said_of(view.name) or fine
    for part in WHOLE_PARTS:
        yield part, found.said_of(part) or OK
    for thread in found.threads:
        yield f"thread {thread.name}", found.said_of(thread.name) or OK
    for job in found.log.parts:
        if job.kind is JobKind.AUDITED:
            when = job.at.isoformat(timespec="seconds")
            yield "log, whole", f"{OK}; up to position {job.reached}, audited {when}"
            continue
        is_of_views = job.kind is JobKind.VIEW_AUDITOR
        name = job.part if is_of_views else f"log, {job.part}"
        yield name, found.said_of(job.part) or OK
    yield "log", found.said_of(Part.LOG) or OK


def _audited(view: ViewHealth) -> str:
    """Say when a view was last held against the record; "" if it never was."""
    if view.audited_at is None:
        return ""
    when = view.audited_at.isoformat(timespec="seconds")
    return f"as the record says up to position {view.audited_upto}, audited {when}"
