"""Published reports: every edition as it was published, for everyone."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath, FromQuery, PathParameter
from msgspec import Meta

from application.record.row_scope import Beyond, beyond
from domain.roles import Role
from interface.api.bulkheads import Work, work
from interface.api.commands.fields import Body, Text
from interface.api.cursors import Page, whole
from interface.api.idempotency import once
from interface.api.openapi.operations import (
    WRITE_PROBLEMS,
    Answer,
    Reading,
    Writing,
    answering,
    example,
    problems,
)
from interface.api.openapi.published_examples import EDITION, EDITIONS, PUBLISHED
from interface.api.parameters import name_of
from interface.api.problems import Failure
from interface.api.recorded_reads import only_by, public
from interface.api.request_context import RequestContext
from interface.api.routes.log import FOR_EVER
from interface.bootstrap import System
from projections.reports.period import Question
from projections.reports.publication_terms import Author
from projections.reports.report_edition import (
    Edition,
    PublishedReport,
    canonical,
    digest,
)
from projections.reports.report_publication import edition_of, editions, publish

FOR_A_WHILE = "public, max-age=300"
PROBLEMS = problems(400, 404, 503)
PUBLISHING = example(
    "The third quarter by categories", {"period": "2026-Q3", "by": "category"}
)


class PublicationBody(Body, frozen=True, kw_only=True):
    """Which report is published; `reason` says why an edition is corrected."""

    period: Annotated[str, Meta(min_length=4, max_length=7)]
    by: Annotated[str, Meta(min_length=1, max_length=40)] = "none"
    reason: Text | None = None


class EditionsPage(Page[Edition], frozen=True, kw_only=True):
    """The editions that are published."""


class PublishedReportsController(Controller):
    """Reports that were published, and never change again. Everyone may read them."""

    path = "/v1/transparency/published"
    tags = ("transparency",)

    @get(
        operation_class=answering(Reading, Answer(EDITIONS, etag=True)),
        responses=PROBLEMS,
        operation_id="listPublishedReports",
        summary="Published reports and their editions",
        sync_to_thread=True,
        opt=public("the reports are published") | work(Work.BUNDLE),
    )
    def all_of_them(
        self, system: NamedDependency[System], name: FromQuery[str | None] = None
    ) -> Response[EditionsPage]:
        """List every edition, the latest first; `name`: those of one report. Public."""
        asked = name_of("name", name) or None
        with system.database.get_connection() as connection:
            found = whole(EditionsPage, editions(connection, asked))
        return Response(found, headers=_headers(canonical(found), FOR_A_WHILE))

    @post(
        operation_class=answering(Writing, EDITION),
        responses=WRITE_PROBLEMS,
        operation_id="publishReport",
        summary="Publish a report",
        status_code=201,
        sync_to_thread=True,
        opt=only_by(Role.SUPERVISOR),
    )
    def publish(
        self,
        context: NamedDependency[RequestContext],
        data: Annotated[PublicationBody, BodyKwarg(examples=[PUBLISHING])],
    ) -> Edition:
        """Publish the report of the supervisor's platform, as it is counted now.

        What is published never changes. Where the report has an edition, the next one
        corrects it, and needs a `reason`. 409 if it has none, if nothing differs, or
        while the period is not over in the platform's zone.
        """
        question = Question(
            period=data.period, by=data.by, platform=context.caller.platform
        )
        author = Author(
            by=context.caller.subject,
            at=context.system.clock(),
            zone=context.system.zone,
            reason=data.reason,
        )

        def work() -> Edition:
            with (
                beyond(Beyond.REPORT),
                context.system.database.get_connection() as connection,
            ):
                made, _ = publish(connection, question, author)
            return msgspec.convert(made, Edition, from_attributes=True)

        return once(context, data, Edition, work)

    @get(
        "/{name:str}",
        operation_class=answering(Reading, Answer(PUBLISHED, etag=True)),
        responses=PROBLEMS,
        operation_id="readPublishedReport",
        summary="A published report, in its last edition",
        sync_to_thread=True,
        opt=public("the reports are published") | work(Work.BUNDLE),
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
        opt=public("the reports are published") | work(Work.BUNDLE),
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
