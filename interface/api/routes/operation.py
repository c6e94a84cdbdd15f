"""Health and readiness, the code tables, and the clock of a sandbox."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg
from msgspec import Meta, Struct

from application.jobs.wakeup import VIEWS
from interface.api.bulkheads import Work, work
from interface.api.commands.fields import Body
from interface.api.health_readers import may_read_health
from interface.api.idempotency import once
from interface.api.openapi.operations import WRITE_PROBLEMS, example, problems
from interface.api.openapi.text_forms import DURATION
from interface.api.problems import Failure, malformed
from interface.api.recorded_reads import public, unrecorded
from interface.api.request_context import RequestContext
from interface.api.responses.code_tables import CodesShown, all_codes
from interface.bootstrap import System
from interface.callers.caller import Caller
from interface.clock import TestClock
from interface.health import Health, Readiness, ending, health, readiness
from interface.settings.durations import parse_length

_DAY = example("One day on", {"advance": "P1D"})


class ClockShown(Struct, frozen=True):
    """The sandbox's time (UTC), and how many seconds it runs ahead of the system's."""

    now: datetime
    ahead_seconds: float


class ClockBody(Body, frozen=True, kw_only=True):
    """How far to move the clock forward, as an ISO 8601 duration."""

    advance: Annotated[
        str,
        Meta(description="Such as PT2H, P1D or P3DT4H.", extra_json_schema=DURATION),
    ]


class HealthController(Controller):
    """For whoever watches the process."""

    path = "/health"
    tags = ("operation",)

    @get(
        "/live",
        operation_id="checkLiveness",
        summary="The process answers",
        sync_to_thread=False,
        opt=public("load balancers have no token"),
    )
    def live(self) -> dict[str, str]:
        """Answer as long as the process does."""
        return {"status": "live"}

    @get(
        "/ready",
        operation_id="checkReadiness",
        summary="Everything is well",
        responses=problems(503),
        sync_to_thread=True,
        opt=public("load balancers have no token", may_ask=True) | work(Work.HEALTH),
    )
    def ready(
        self, request: Request[Any, Any, Any], system: NamedDependency[System]
    ) -> Response[Readiness | Health]:
        """Tell whether all is well; 503 if not, with the parts that are not.

        Auditors and regulators of no single platform are told what is wrong: halted
        views, cases set aside, lag.
        """
        told: Readiness | Health
        caller: Caller | None = request.state.get("caller")
        told = health(system) if may_read_health(caller) else readiness(system)
        if request.app.state.shutdown.has_begun:
            told = ending(told)
        return Response(told, status_code=200 if told.status == "ready" else 503)


class CodesController(Controller):
    """The code tables."""

    path = "/v1/codes"
    tags = ("public",)

    @get(
        operation_id="listCodes",
        summary="All codes with their words",
        sync_to_thread=False,
        opt=public("the rules in force are public"),
    )
    def codes(self, system: NamedDependency[System]) -> CodesShown:
        """Return categories, reasons, remedies, grounds … in zh and en. Public.

        Also what nobody can extend: phases, outcomes, triggers, what is awaited ….
        """
        return all_codes(system.rulebooks.codes)


class SandboxController(Controller):
    """A clock that can be moved: in development mode only."""

    path = "/v1/sandbox/clock"
    tags = ("sandbox",)

    @get(
        operation_id="readClock",
        summary="Read the sandbox's clock",
        responses=problems(404),
        sync_to_thread=False,
        opt=public("a sandbox's clock is everybody's"),
    )
    def read(self, system: NamedDependency[System]) -> ClockShown:
        """Return the time that this installation goes by."""
        return _clock_shown(_test_clock(system))

    @post(
        operation_id="advanceClock",
        summary="Move the sandbox's clock forward",
        status_code=200,
        responses=WRITE_PROBLEMS,
        sync_to_thread=True,
        opt=unrecorded("a sandbox holds nobody's cases"),
    )
    def advance(
        self,
        context: NamedDependency[RequestContext],
        data: Annotated[ClockBody, BodyKwarg(examples=[_DAY])],
    ) -> ClockShown:
        """Move the clock forward; what falls due by then, the worker does at once."""
        clock = _test_clock(context.system)

        def advanced() -> ClockShown:
            try:
                clock.advance(parse_length(data.advance))
            except ValueError:
                raise malformed("advance", "no-duration", value=data.advance) from None
            with context.system.database.get_connection() as connection:
                # What falls due by the new time has to be looked for at once.
                connection.execute(f"NOTIFY {VIEWS}")
            return _clock_shown(clock)

        # A key is not asked for here: sandboxes are moved by hand.
        if "idempotency-key" not in context.headers:
            return advanced()
        return once(context, data, ClockShown, advanced)


def _test_clock(system: System) -> TestClock:
    if not isinstance(system.clock, TestClock):
        raise Failure("no-such-page")
    return system.clock


def _clock_shown(clock: TestClock) -> ClockShown:
    return ClockShown(clock(), clock.ahead.total_seconds())
