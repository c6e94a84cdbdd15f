"""Published reports: every edition as it was published, for everyone."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, PathParameter

from interface.api.bulkheads import Work, work
from interface.api.compression import COMPRESSED
from interface.api.cursors import Page, whole
from interface.api.openapi.operations import Answer, Reading, answering, problems
from interface.api.openapi.published_examples import EDITIONS, PUBLISHED
from interface.api.parameters import name_of
from interface.api.problems import Failure
from interface.api.recorded_reads import public
from interface.api.routes.log import FOR_EVER
from interface.bootstrap import System
from projections.report_edition import Edition, PublishedReport, canonical, digest
from projections.report_publication import edition_of, editions

FOR_A_WHILE = "public, max-age=300"
PROBLEMS = problems(400, 404, 503)


class EditionsPage(Page[Edition], frozen=True, kw_only=True):
    """The editions that are published."""


class PublishedReportsController(Controller):
    """For everyone: reports that were published, and never change again."""

    path = "/v1/transparency/published"
    tags = ("transparency",)

    @get(
        operation_class=answering(Reading, Answer(EDITIONS, etag=True)),
        responses=PROBLEMS,
        operation_id="listPublishedReports",
        summary="Published reports and their editions",
        sync_to_thread=True,
        opt=public("the reports are published") | COMPRESSED | work(Work.BUNDLE),
    )
    def all_of_them(
        self, system: NamedDependency[System], name: FromQuery[str | None] = None
    ) -> Response[EditionsPage]:
        """List every edition, the latest first; `name`: those of one report. Public."""
        asked = name_of("name", name) or None
        with system.database.get_connection() as connection:
            found = whole(EditionsPage, editions(connection, asked))
        return Response(found, headers=_headers(canonical(found), FOR_A_WHILE))

    @get(
        "/{name:str}",
        operation_class=answering(Reading, Answer(PUBLISHED, etag=True)),
        responses=PROBLEMS,
        operation_id="readPublishedReport",
        summary="A published report, in its last edition",
        sync_to_thread=True,
        opt=public("the reports are published") | COMPRESSED | work(Work.BUNDLE),
    )
    def last(
        self, system: NamedDependency[System], name: FromPath[str]
    ) -> Response[PublishedReport]:
        """Return the last edition with its manifest. Public.

        A later edition says which one it corrects, why, and which numbers differ.
        """
        return _edition(system, name, None, FOR_A_WHILE)

    @get(
        "/{name:str}/editions/{edition:int}",
        operation_class=answering(Reading, Answer(PUBLISHED, etag=True)),
        responses=PROBLEMS,
        operation_id="readPublishedEdition",
        summary="One edition of a published report",
        sync_to_thread=True,
        opt=public("the reports are published") | COMPRESSED | work(Work.BUNDLE),
    )
    def one(
        self,
        system: NamedDependency[System],
        name: FromPath[str],
        edition: Annotated[int, PathParameter(ge=1, le=2**31 - 1)],
    ) -> Response[PublishedReport]:
        """Return an edition with its manifest, as it was published. Public."""
        return _edition(system, name, edition, FOR_EVER)


def _edition(
    system: System, name: str, number: int | None, kept: str
) -> Response[PublishedReport]:
    asked = name_of("name", name) or ""
    with system.database.get_connection() as connection:
        found = edition_of(connection, asked, number)
    if found is None:
        raise Failure("no-such-page")
    # As it was published, byte for byte: the digests are of these bytes.
    headers = _headers(found.content, kept)
    return Response(found.content, media_type=MediaType.JSON, headers=headers)  # type: ignore[arg-type]


def _headers(content: bytes, kept: str) -> dict[str, str]:
    return {"ETag": f'"{digest(content)}"', "Cache-Control": kept}
