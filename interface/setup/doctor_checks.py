"""What the doctor asks beyond health: servers, key file, access log, files, erasures.

Health is asked for every few seconds; these checks take longer, and are made when
somebody asks: on the command line, and on the operator's page.
"""

from __future__ import annotations

from collections.abc import Iterator

from application.cases.orphan_files import orphan_files
from application.jobs.file_sweep import MOST_ORPHANS
from application.log.fsck.access_chain import check_access
from application.log.fsck.finding import Differs
from application.privacy.erasure_requests import ErasureRequests
from application.privacy.key_changes import BUCKETS_NAME, uses
from application.privacy.key_file_replacement import remains
from interface.bootstrap import System
from interface.settings.settings import SettingError
from interface.setup.production_checks import (
    NOTE,
    OK,
    Found,
    checked,
    production_findings,
)
from interface.startup_checks import server_shortcomings


def is_well(found: str) -> bool:
    """Tell whether a check found nothing wrong, though there may be a note."""
    return found == OK or found.startswith((f"{OK}; ", NOTE))


def doctor_findings(system: System, *, production: bool) -> Iterator[Found]:
    """Yield all that health does not say; `production`: what that rests on, too."""
    yield from server_findings(system)
    yield from kept_findings(system)
    if production:
        yield from production_findings(system)


def server_findings(system: System) -> Iterator[Found]:
    """Yield a line for each thing that a database server lacks."""
    settings = system.settings
    servers = {"DATABASE_URL": system.url, "REDRESS_KEYS_URL": settings.keys_url}
    for setting, url in servers.items():
        if url is None:
            continue
        production = not settings.is_development
        try:
            found = server_shortcomings(setting, url, is_production=production)
        except SettingError as error:
            # The other checks are made all the same.
            yield f"{setting}, server", str(error)
            continue
        yield from ((f"{setting}, {one.about}", one.said) for one in found)
        if not found:
            yield f"{setting}, server", OK


def kept_findings(system: System) -> Iterator[Found]:
    """Yield what is found of that which is kept beside the record."""
    yield "key file", checked(lambda: _key_file(system))
    yield "access log", checked(lambda: _access_log(system))
    yield "evidence files", checked(lambda: _orphans(system))
    approved = len(ErasureRequests(system.database).approved())
    undone = f"{approved} approved erasures still have to be carried out"
    yield "erasures", undone if approved else OK


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
