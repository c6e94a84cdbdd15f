"""A case as it was at a moment, and what changed between two of them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from application.cases.as_of import By
from application.cases.case import Case
from application.cases.diff import Backwards, Change, difference
from application.privacy.redaction import opened_for
from application.record.envelope import Recorded
from application.texts import LANGUAGES
from interface.api.openapi.case_examples import DIFFERENCE
from interface.api.openapi.operations import (
    CASE_ANSWER,
    READ_PROBLEMS,
    Reading,
    answering,
)
from interface.api.openapi.text_forms import MOMENT, AsOf
from interface.api.presentation import shown
from interface.api.problems import malformed
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.case import SellerCase
from interface.api.routes.audit import FactShown, facts_shown
from interface.api.routes.replay import AUDITORS, at_moment, etag, known_then

FROM = QueryParameter(
    name="from",
    schema_extra=MOMENT,
    description="The earlier moment; nothing may be known yet then.",
)
TO = QueryParameter(
    schema_extra=MOMENT, description="The later moment, as `as_of` says one."
)


class DifferenceShown(Struct, frozen=True, kw_only=True):
    """The events between two moments, and the fields of the state they changed.

    `before` and `after` are the versions that were known at each.
    """

    dispute: UUID
    before: int
    after: int
    facts: tuple[FactShown, ...]
    changes: tuple[Change, ...]


class TravelController(Controller):
    """For auditors, regulators and supervisors."""

    path = "/v1/audit/disputes/{dispute_id:uuid}"
    tags = ("audit",)

    @get(
        "/case",
        operation_class=answering(Reading, CASE_ANSWER),
        responses=READ_PROBLEMS,
        summary="Read a case as it was",
        sync_to_thread=True,
        opt=read_of(Read.CASE, by=AUDITORS),
    )
    def case(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        as_of: AsOf = None,
        by: FromQuery[By] = By.RECORDED_AT,
    ) -> Response[SellerCase]:
        """Return the case as it would have been shown at a moment, without actions.

        `as_of=ruled` is what was known when the ruling was made. A version, a time with
        its offset and `position:120` say other moments; `by=at` goes by when things
        happened, not by when they were learnt.
        """
        then = known_then(context, context.read_any(dispute_id), as_of, by)
        headers = etag(then) | {"Content-Language": LANGUAGES[context.language]}
        body = shown(context.system, then, context.viewer)
        # What was possible then is of no use now.
        body = body if as_of is None else replace(body, actions=())
        return Response(body, headers=headers)

    @get(
        "/difference",
        operation_class=answering(Reading, DIFFERENCE),
        responses=READ_PROBLEMS,
        summary="Compare a case at two moments",
        sync_to_thread=True,
        opt=read_of(Read.DIFFERENCE, by=AUDITORS),
    )
    def difference(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        from_: Annotated[str, FROM],
        to: Annotated[str, TO],
        by: FromQuery[By] = By.RECORDED_AT,
    ) -> DifferenceShown:
        """Return the events added, and each field of the state before and after."""
        case = context.read_any(dispute_id)
        before = at_moment(context, case, "from", from_, by)
        after = at_moment(context, case, "to", to, by)
        try:
            found = difference(_opened(context, before), _opened(context, after))
        except Backwards:
            raise malformed("from", "later-than-to") from None
        return DifferenceShown(
            dispute=dispute_id,
            before=before.version,
            after=after.version,
            facts=facts_shown(context, dispute_id, found.events),
            changes=found.changes,
        )


def _opened(context: RequestContext, case: Case) -> tuple[Recorded, ...]:
    record = context.system.record
    return opened_for(context.actor, record, case.events, case.restricted)
