"""Which error is answered with which problem."""

from __future__ import annotations

import errno
import logging
import re
from typing import Any

import psycopg
from eventsourcing.persistence import PersistenceError
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from application.disputes import Contended
from application.evidence_files import FileDamaged, TooLargeFile
from application.log.stored_tree import LogDamaged
from domain.refusals import Invalid, Problem, Refusal
from interface.api.problems import Failure, Refused, respond
from interface.callers import Unauthenticated
from projections.period import BadQuestion

RETRY_SECONDS = "1"

_log = logging.getLogger(__name__)


def on_refusal(request: Request[Any, Any, Any], error: Refusal) -> Response[Any]:
    """Answer a refusal that concerns no particular case."""
    faults = error.problems if isinstance(error, Invalid) else ()
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
    """Ask for a bearer token."""
    headers = {"WWW-Authenticate": "Bearer"}
    return respond(
        request, "unauthenticated", headers=headers, filling={"reason": str(error)}
    )


def on_validation(
    request: Request[Any, Any, Any], error: ValidationException
) -> Response[Any]:
    """Name the place in the body, the query or the headers that is malformed."""
    found = error.extra if isinstance(error.extra, list) else []
    faults = [
        Problem(_pointer(one.get("key", "")), "shape", {"said": _plain(one["message"])})
        for one in found
    ]
    return respond(request, "malformed", faults=faults)


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework itself refuses."""
    match error:
        case ValidationException():
            return on_validation(request, error)
        case NotFoundException():
            return respond(request, "no-such-page")
        case MethodNotAllowedException():
            return respond(request, "method-not-allowed", headers=error.headers)
        case _ if error.status_code == TOO_LARGE:
            return respond(request, "too-large")
        case _ if error.status_code < SERVER_FAULT:
            return respond(request, "malformed", filling={"said": error.detail})
    return on_anything(request, error)


TOO_LARGE = 413
SERVER_FAULT = 500


def on_text(request: Request[Any, Any, Any], _: UnicodeDecodeError) -> Response[Any]:
    """Answer a body that is not UTF-8."""
    return respond(request, "malformed", filling={"said": "the body is not UTF-8"})


def on_period(request: Request[Any, Any, Any], error: BadQuestion) -> Response[Any]:
    """Name what a report cannot be made of."""
    return respond(request, "malformed", filling={"said": str(error)})


def on_file(request: Request[Any, Any, Any], error: TooLargeFile) -> Response[Any]:
    """Name the limit for files."""
    return respond(request, "too-large", filling={"limit": str(error.limit)})


def on_damage(request: Request[Any, Any, Any], error: LogDamaged) -> Response[Any]:
    """Name what of the log is damaged."""
    _log.error("log: %s", error)
    return respond(request, "log-damaged", filling={"said": str(error)})


def on_database(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer that the database is out of reach, or full."""
    _log.error("database: %s", error)
    cause = error.__cause__ or error
    full = isinstance(cause, psycopg.errors.DiskFull)
    code = "storage-full" if full else "database-down"
    return respond(request, code, headers={"Retry-After": RETRY_SECONDS})


def on_system(request: Request[Any, Any, Any], error: OSError) -> Response[Any]:
    """Answer that the disk is full; anything else is our fault."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return respond(request, "storage-full", headers={"Retry-After": RETRY_SECONDS})
    return on_anything(request, error)


def on_anything(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer our own faults, and note them."""
    _log.error("%s %s", request.method, request.url.path, exc_info=error)
    return respond(request, "internal")


_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`")


def _plain(message: str) -> str:
    return _PLACE.sub("", message)


def _pointer(key: str) -> str:
    """Turn "claim.amount" or "reasons[0].rule" into a JSON pointer."""
    parts = key.replace("[", ".").replace("]", "").split(".")
    return "".join(f"/{part}" for part in parts if part not in {"", "data"})


HANDLERS: dict[type[Exception] | int, Any] = {
    Refusal: on_refusal,
    Refused: on_refused,
    Failure: on_failure,
    Unauthenticated: on_unauthenticated,
    BadQuestion: on_period,
    TooLargeFile: on_file,
    FileDamaged: on_anything,
    LogDamaged: on_damage,
    PersistenceError: on_database,
    psycopg.OperationalError: on_database,
    Contended: on_database,
    UnicodeDecodeError: on_text,
    HTTPException: on_http,
    OSError: on_system,
    Exception: on_anything,
}
