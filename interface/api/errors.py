"""Which error is answered with which problem."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
from eventsourcing.persistence import PersistenceError
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from application.cases.case import UnreadableCase
from application.cases.disputes import Contended
from application.cases.evidence_files import TooLargeFile
from application.cases.filing_quota import QuotaUsed
from application.decode_errors import json_problem, shape_problem
from application.log.build.stored_tree import LogDamaged
from application.privacy.master_key import DataKeyUnusable, KeyFileUnusable
from application.texts import chosen, say
from domain.refusals import Invalid, Problem, Refusal
from interface.api.body_faults import with_codes
from interface.api.outages import (
    on_anything,
    on_contention,
    on_damage,
    on_database,
    on_difference,
    on_keys,
    on_missing_table,
    on_system,
    on_unreadable,
    on_unusable_view,
)
from interface.api.problems import Failure, Refused, respond
from interface.api.rate_limits import rate_limit_headers
from interface.callers.caller import Unauthenticated
from interface.callers.signing_keys import KeysUnavailable
from projections.reports.period import BadQuestion
from projections.reports.publication_terms import NotPublished
from projections.tables.view_presence import ViewUnusable
from projections.view_audit.view_rounds import ViewDiffers

RETRY_SECONDS = "1"
KEYS_RETRY_SECONDS = "5"
CHALLENGE = 'Bearer error="invalid_token"'
_log = logging.getLogger(__name__)


def on_refusal(request: Request[Any, Any, Any], error: Refusal) -> Response[Any]:
    """Answer a refusal that concerns no particular case."""
    faults = error.problems if isinstance(error, Invalid) else ()
    # The details of Invalid are its problems once more.
    filling = {} if isinstance(error, Invalid) else error.details
    return respond(request, error.code, filling=filling, faults=faults)


def on_refused(request: Request[Any, Any, Any], error: Refused) -> Response[Any]:
    """Answer a refused command on a case."""
    refusal = error.refusal
    faults = refusal.problems if isinstance(refusal, Invalid) else ()
    filling = {} if isinstance(refusal, Invalid) else refusal.details
    about = {
        "phase": error.phase,
        "possible": error.possible,
        "version": error.version,
        **error.there,
    }
    return respond(request, refusal.code, filling=filling, faults=faults, about=about)


def on_failure(request: Request[Any, Any, Any], error: Failure) -> Response[Any]:
    """Answer an error of the interface itself."""
    return respond(
        request,
        error.code,
        filling=error.filling,
        faults=error.faults,
        headers=error.headers,
    )


def on_unauthenticated(
    request: Request[Any, Any, Any], error: Unauthenticated
) -> Response[Any]:
    """Ask for a bearer token, or say what is wrong with the one that was sent."""
    language = chosen(request.headers.get("accept-language"))
    request.state["refused_token"] = error.whose
    # RFC 6750, 3.1: no error code for a request that brought no token.
    challenge = "Bearer" if error.code == "no-token" else CHALLENGE
    return respond(
        request,
        "unauthenticated",
        headers={"WWW-Authenticate": challenge},
        filling={"said": say("tokens", error.code, language, **error.filling)},
        logged_as=error.code,
    )


def on_no_keys(request: Request[Any, Any, Any], _: KeysUnavailable) -> Response[Any]:
    """Say that nobody can be authenticated now; why is in the log."""
    headers = {"Retry-After": KEYS_RETRY_SECONDS}
    return respond(request, "keys-unavailable", headers=headers)


def on_validation(
    request: Request[Any, Any, Any], error: ValidationException
) -> Response[Any]:
    """Name the place in the body, the query or the headers that is malformed."""
    found = error.extra if isinstance(error.extra, list) else []
    places = [(one.get("key", ""), one["message"]) for one in found]
    faults = [_named(request, *one) for one in places or [("", error.detail)]]
    return respond(request, "malformed", faults=faults)


def _named(request: Request[Any, Any, Any], key: str, message: str) -> Problem:
    """Say what is wrong with one value; if it is a code, name the possible ones."""
    # As the caller wrote it: a name that is taken has a final "_" in the signature.
    problem = shape_problem(key.rstrip("_"), message)
    parameters = request.route_handler.parsed_fn_signature.parameters
    name, place = (key, "") if key in parameters else ("data", key)
    kind = parameters[name].annotation if name in parameters else None
    return with_codes(problem, kind, place)


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework itself refuses."""
    match error:
        # The subclasses first: each is an HTTPException with a status as well.
        case ValidationException():
            return on_validation(request, error)
        case NotFoundException():
            return respond(request, "no-such-page")
        case MethodNotAllowedException():
            return respond(request, "method-not-allowed", headers=error.headers)
        case InternalServerException() if error.detail == HUNG_UP:
            # Mostly nobody is left to read it; but a body that cannot be taken apart
            # ends like this, too. No fault of ours, so no line in the log.
            return respond(request, "malformed", faults=[Problem("", "broken-off")])
        case InternalServerException(__cause__=OSError() as cause):
            # So the framework wraps what the file system says of a static file.
            return on_system(request, cause)
        case _ if error.detail == ODD_HOST:
            return respond(
                request, "malformed", faults=[Problem("/host", "not-a-host")]
            )
        case _ if error.status_code < SERVER_FAULT:
            return respond(
                request, "malformed", faults=[json_problem(str(error.detail), b"")]
            )
    return on_anything(request, error)


HUNG_UP = "client disconnected prematurely"
ODD_HOST = "Invalid host header"
"""What the framework says; the tests of raw requests notice if it changes its words."""

SERVER_FAULT = 500


def on_text(request: Request[Any, Any, Any], _: UnicodeDecodeError) -> Response[Any]:
    """Answer a body that is not UTF-8."""
    return respond(request, "malformed", faults=[Problem("", "not-utf-8")])


def on_quota(request: Request[Any, Any, Any], error: QuotaUsed) -> Response[Any]:
    """Say how many cases can be filed, and when the next one can."""
    quota = error.quota
    seconds = str(quota.seconds)
    return respond(
        request,
        "quota-used",
        filling={"limit": str(quota.limit), "seconds": seconds},
        headers={"Retry-After": seconds, **rate_limit_headers(quota)},
    )


def on_period(request: Request[Any, Any, Any], error: BadQuestion) -> Response[Any]:
    """Name what of the question for a report is none."""
    # Cut: what is answered should not grow with what was sent.
    details = {"value": error.value[:40], "allowed": ", ".join(error.allowed)}
    fault = Problem(f"/{error.field}", f"no-{error.field}", details)
    return respond(request, "malformed", faults=[fault])


def on_publication(
    request: Request[Any, Any, Any], error: NotPublished
) -> Response[Any]:
    """Say why a report is not published."""
    return respond(request, error.code, filling=error.about)


def on_file(request: Request[Any, Any, Any], error: TooLargeFile) -> Response[Any]:
    """Name the limit for files."""
    return respond(request, "too-large", filling={"limit": str(error.limit)})


def on_depth(request: Request[Any, Any, Any], _: RecursionError) -> Response[Any]:
    """Answer a body that is nested too deeply for the decoder."""
    return respond(request, "malformed", faults=[Problem("", "too-deep")])


# Litestar takes the nearest class among those that an error inherits from, so that the
# order here does not matter: `Exception` catches what nothing else does.
HANDLERS: dict[type[Exception] | int, Any] = {
    Refusal: on_refusal,
    Refused: on_refused,
    Failure: on_failure,
    Unauthenticated: on_unauthenticated,
    QuotaUsed: on_quota,
    KeysUnavailable: on_no_keys,
    BadQuestion: on_period,
    NotPublished: on_publication,
    TooLargeFile: on_file,
    LogDamaged: on_damage,
    KeyFileUnusable: on_keys,
    DataKeyUnusable: on_keys,
    UnreadableCase: on_unreadable,
    ViewDiffers: on_difference,
    ViewUnusable: on_unusable_view,
    psycopg.errors.UndefinedTable: on_missing_table,
    PersistenceError: on_database,
    psycopg.OperationalError: on_database,
    psycopg.InterfaceError: on_database,
    psycopg.DataError: on_database,
    psycopg.errors.ReadOnlySqlTransaction: on_database,
    # So many commands on one case at once that this one gave up: a retry may succeed.
    Contended: on_contention,
    UnicodeDecodeError: on_text,
    RecursionError: on_depth,
    HTTPException: on_http,
    OSError: on_system,
    Exception: on_anything,
}
