"""`redress doctor`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
import msgspec

from application.cases.orphan_files import orphan_files
from application.jobs.file_sweep import MOST_ORPHANS
from application.jobs.status import JobKind
from application.log.fsck.access_chain import check_access
from application.log.fsck.finding import Differs
from application.privacy.erasure_requests import ErasureRequests
from application.privacy.key_changes import BUCKETS_NAME, uses
from application.privacy.key_file_replacement import remains
from interface.bootstrap import System, build
from interface.health import examined as examine_system
from interface.settings.settings import Settings, read
from interface.setup.production_checks import NOTE, OK, checked, production_findings
from interface.startup_checks import server_shortcomings
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
            mark = "note" if is_note else "ok  " if _is_ok(found) else "BAD "
            click.echo(f"{mark} {name}: {found.removeprefix(NOTE)}")
    if not all(_is_ok(found) for _, found in findings):
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
    yield from _of_servers(system)
    yield from _of_health(examine_system(system))
    yield "key file", checked(lambda: _key_file(system))
    yield "access log", checked(lambda: _access_log(system))
    yield "evidence files", checked(lambda: _orphans(system))
    approved = len(ErasureRequests(system.database).approved())
    undone = f"{approved} approved erasures still have to be carried out"
    yield "erasures", undone if approved else OK
    if production:
        yield from production_findings(system)
    system.close()


def _of_servers(system: System) -> Iterator[tuple[str, str]]:
    """Yield a line for each thing that a database server lacks."""
    settings = system.settings
    servers = {"DATABASE_URL": system.url, "REDRESS_KEYS_URL": settings.keys_url}
    for setting, url in servers.items():
        if url is None:
            continue
        production = not settings.is_development
        found = server_shortcomings(setting, url, is_production=production)
        yield from ((f"{setting}, {one.about}", one.said) for one in found)
        if not found:
            yield f"{setting}, server", OK


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


def _is_ok(found: str) -> bool:
    return found == OK or found.startswith((f"{OK}; ", NOTE))


def _access_log(system: System) -> str:
    try:
        with system.database.get_connection() as connection:
            check_access(connection)
    except Differs as found:
        return found.finding.said
    return OK


def _key_file(system: System) -> str:
    path = system.settings.master_key
    if left := ", ".join(one.name for one in remains(path)):
        return f"{left} may hold earlier keys: the worker overwrites them"
    found = uses(system.keys.database, system.keys.master)
    odd = [one.name for one in found if not one.present or one.name != BUCKETS_NAME]
    return f"keys left from before, or missing: {', '.join(odd)}" if odd else OK


def _orphans(system: System) -> str:
    with system.database.get_connection() as connection:
        found = orphan_files(system.evidence, connection)
    known = system.keys.known_ids(one.key for one in found)
    ours = sum(one.key in known for one in found)
    said = {
        f"{ours} belong to no event: the worker deletes them": 0 < ours <= MOST_ORPHANS,
        f"{ours} belong to no event: is the record an old copy?": ours > MOST_ORPHANS,
        f"{len(found) - ours} are of another installation": len(found) > ours,
    }
    return "; ".join(words for words, holds in said.items() if holds) or OK
