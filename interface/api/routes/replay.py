"""Replays a case: each event with the state that it led to, as it was known then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from urllib.parse import parse_qs
from uuid import UUID

import msgspec
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, FromQuery
from litestar.response import Stream as Streamed
from msgspec import Struct

from application.cases.as_of import (
    KINDS,
    By,
    NeverHappened,
    NoKind,
    NoMoment,
    NotKnownThen,
    case_at,
    known_case_at,
)
from application.cases.case import Case
from application.privacy.redaction import opened_for
from application.record.envelope import Imported, Recorded, topic
from application.record.plain_values import plain
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.case.evolve import evolve
from domain.roles import Actor, Role
from interface.api.bulkheads import Work, work
from interface.api.openapi.body_schemas import NDJSON, JsonLines
from interface.api.openapi.operations import READ_PROBLEMS, Reading
from interface.api.openapi.text_forms import AsOf
from interface.api.problems import Failure, malformed
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext

AUDITORS = frozenset({Role.AUDITOR, Role.REGULATOR, Role.SUPERVISOR})


class Step(Struct, frozen=True, kw_only=True):
    """One line of a replay: an event, and the state of the case after it."""

    version: int
    type: str
    at: datetime
    recorded_at: datetime
    actor: Actor
    command_id: UUID
    request: str | None
    trace: str | None
    policy: str | None
    imported: Imported | None
    payload: DisputeEvent
    state: Dispute


LINES = ResponseSpec(
    JsonLines[Step],
    description="One object a line",
    media_type=NDJSON,
    generate_examples=False,
)


class ReplayController(Controller):
    """For auditors, regulators and supervisors."""

    path = "/v1/audit"
    tags = ("audit",)

    @get(
        "/disputes/{dispute_id:uuid}/replay",
        operation_class=Reading,
        responses=READ_PROBLEMS | {200: LINES},
        operation_id="replayDispute",
        summary="Replay a case",
        sync_to_thread=True,
        opt=read_of(Read.REPLAY, by=AUDITORS) | work(Work.BUNDLE),
    )
    def replay(
        self,
        context: NamedDependency[RequestContext],
        dispute_id: FromPath[UUID],
        as_of: AsOf = None,
        by: FromQuery[By] = By.RECORDED_AT,
    ) -> Streamed:
        """Return each event with the state after it, one JSON object a line.

        `as_of` ends it with what was known then: a version, a time with its offset, a
        place in the ledger (`position:120`), or the last event of a kind (`ruled`).
        With `by=at`, a time keeps what had happened by then, whenever it was learnt.
        """
        case = known_then(context, context.read_any(dispute_id), as_of, by)
        events = opened_for(
            context.actor, context.system.record, case.events, case.restricted
        )
        return Streamed(_lines(events), media_type=NDJSON, headers=etag(case))


def etag(case: Case) -> dict[str, str]:
    """Return the header that names a case's version."""
    return {"ETag": f'"{case.version}"'}


def known_then(context: RequestContext, case: Case, as_of: str | None, by: By) -> Case:
    """Return the case as it was at a moment.

    Raises Failure if nothing was known then, for a bad `as_of`, and for `by` alone.
    """
    # As it is now, a case is by both times: who sends `by` has left something out.
    if as_of is None and "by" in parse_qs(context.query, keep_blank_values=True):
        raise malformed("by", "only-with-as-of")
    with _failures("as_of"):
        return known_case_at(context.system.database, case, as_of, by)


def at_moment(
    context: RequestContext, case: Case, name: str, text: str, by: By
) -> Case:
    """Return the case as it was, possibly without any event. Raises Failure."""
    with _failures(name):
        return case_at(context.system.database, case, text, by)


@contextmanager
def _failures(name: str) -> Iterator[None]:
    """Raise Failure for what is wrong with the moment that a parameter says."""
    try:
        yield
    except NoKind as error:
        allowed = ", ".join(KINDS)
        raise malformed(name, "no-kind", value=error.kind, allowed=allowed) from None
    except NoMoment:
        raise malformed(name, "no-moment") from None
    except NeverHappened as error:
        raise Failure("never-happened", kind=error.kind) from None
    except NotKnownThen as error:
        first = f"{error.first:%Y-%m-%dT%H:%M:%SZ}"
        raise Failure("not-known-then", first=first) from None


def _lines(events: tuple[Recorded, ...]) -> Iterator[bytes]:
    state = Dispute()
    for recorded in events:
        state = evolve(state, recorded.event)
        step = Step(
            version=recorded.version,
            type=topic(recorded.event),
            at=recorded.at,
            recorded_at=recorded.recorded_at,
            actor=recorded.actor,
            command_id=recorded.command_id,
            request=recorded.request,
            trace=recorded.trace,
            policy=recorded.policy,
            imported=recorded.imported,
            payload=recorded.event,
            state=state,
        )
        yield msgspec.json.encode(plain(step)) + b"\n"
