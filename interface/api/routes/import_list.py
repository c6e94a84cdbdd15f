"""The record of imports, for those who answer for what the record holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from msgspec import Struct

from application.imports.import_runs import ImportRun, Place, listed_imports
from application.record.row_scope import Beyond, beyond
from interface.api.cursors import Page, opened, page
from interface.api.openapi.operations import READ_PROBLEMS, Reading, answering
from interface.api.openapi.text_forms import Cursor
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.routes.replay import AUDITORS
from interface.api.tenancy import asked_platform

_IMPORT: Mapping[str, Any] = {
    "id": "0b0f9f5e-6f6c-4a52-9d3c-0f4f6f2b8a11",
    "system": "old-desk",
    "platform": "shop",
    "begun_by": "ops",
    "began_at": "2026-11-20T02:00:00Z",
    "ended_at": "2026-11-20T02:00:09Z",
    "files": [{"name": "complaints.csv", "sha256": "9f" * 32}],
    "mapping_sha256": "3c" * 32,
    "rows": 3,
    "cases": 2,
    "grown": 0,
    "events": 4,
    "present": 0,
    "skipped": 0,
    "rejected": 1,
    "finished": True,
    "first_position": 1_001,
    "last_position": 1_004,
    "withdrawn_at": None,
}


class ImportedFile(Struct, frozen=True):
    """A file of an import, by its SHA-256 (hex)."""

    name: str
    sha256: str


class ImportShown(Struct, frozen=True, kw_only=True):
    """An import: who began it, of what, and what came of it.

    `cases` are new, `grown` were there and got more events; `present`: told nothing
    new; `skipped`: rows that state no event. Its events lie between two positions of
    the ledger, and others may lie among them. `withdrawn_at`: when it was set aside.
    """

    id: UUID
    system: str
    platform: str
    begun_by: str
    began_at: datetime
    ended_at: datetime | None
    files: tuple[ImportedFile, ...]
    mapping_sha256: str | None
    rows: int
    cases: int
    grown: int
    events: int
    present: int
    skipped: int
    rejected: int
    finished: bool
    first_position: int | None
    last_position: int | None
    withdrawn_at: datetime | None


class ImportsPage(Page[ImportShown], frozen=True, kw_only=True):
    """One page of imports."""


class ImportsController(Controller):
    """Which history was taken over from other systems."""

    path = "/v1/imports"
    tags = ("audit",)

    @get(
        operation_class=answering(Reading, {"items": [_IMPORT], "next": None}),
        responses=READ_PROBLEMS,
        operation_id="listImports",
        summary="Imports of history from other systems",
        sync_to_thread=True,
        opt=read_of(Read.OTHER, by=AUDITORS),
    )
    def listed(
        self,
        context: NamedDependency[RequestContext],
        platform: FromQuery[str | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
        cursor: Cursor = None,
    ) -> ImportsPage:
        """List imports, the newest first: files, mapping, counts, positions."""
        where = asked_platform(context.caller, platform)

        def rows(after: Place | None, many: int) -> Sequence[ImportRun]:
            with (
                beyond(Beyond.IMPORTS),
                context.system.database.get_connection() as connection,
            ):
                return listed_imports(connection, where, many, after)

        return page(
            ImportsPage,
            rows,
            _shown,
            lambda row: (row.began_at, row.id),
            limit,
            opened(cursor, Place, context.list_name),
        )


def _shown(run: ImportRun) -> ImportShown:
    return ImportShown(
        id=run.id,
        system=run.system,
        platform=run.platform,
        begun_by=run.begun_by,
        began_at=run.began_at,
        ended_at=run.ended_at,
        files=tuple(ImportedFile(*one) for one in run.digests.items()),
        mapping_sha256=run.mapping,
        rows=run.rows,
        cases=run.cases,
        grown=run.grown,
        events=run.events,
        present=run.present,
        skipped=run.skipped,
        rejected=run.rejected,
        finished=run.finished,
        first_position=run.first_position,
        last_position=run.last_position,
        withdrawn_at=run.withdrawn_at,
    )
