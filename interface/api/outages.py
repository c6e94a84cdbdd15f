"""Answers to errors of the surroundings, the database and the disk, and to our own."""

from __future__ import annotations

import errno
import logging
import re
from typing import Any

import psycopg
from litestar import Request, Response

from application.cases.case import UnreadableCase
from application.cases.disputes import Contended
from application.log.build.stored_tree import LogDamaged
from application.operator_error import OperatorError
from application.record.sqlstates import Cause, cause_of
from domain.refusals import Problem
from interface.api.problems import respond
from interface.safe_traceback import said, traced
from projections.registry import VIEWS
from projections.tables.view_presence import ViewMissing, ViewUnusable
from projections.view_audit.view_rounds import ViewDiffers

RETRY_SECONDS = "1"
REBUILT_SECONDS = "30"
"""A view is not back in a second: somebody has to rebuild it."""

UNUSABLE = {errno.EACCES, errno.EEXIST, errno.ENOTDIR, errno.EPERM, errno.EROFS}
"""Errors that no retry mends: an operator has to see to the folder of evidence."""

CODES = {
    Cause.BUSY: "busy",
    Cause.FULL: "storage-full",
    Cause.READ_ONLY: "database-read-only",
}
"""Problems that have words of their own; all others: the database is out of reach."""

_log = logging.getLogger(__name__)


def on_anything(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer our own faults, and log them."""
    # Without the message, and without the query: both may hold personal data.
    _log.error("%s %s: %s", request.method, request.scope["path"], traced(error))
    return respond(request, "internal")


def on_damage(request: Request[Any, Any, Any], error: LogDamaged) -> Response[Any]:
    """Say that the log is damaged; where, only the log tells."""
    _log.error("log: %s", error)
    return respond(request, "log-damaged")


def on_database(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer why the database did not take it: out of reach, read-only, full …."""
    cause = cause_of(error)
    if cause is Cause.INPUT:
        # The door should have refused it; what it was, only its sender knows.
        _log.warning("database: %s", said(error))
        return respond(request, "malformed", faults=[Problem("", "not-storable")])
    # That others were in the way is expected, and told to the client.
    level = logging.WARNING if cause is Cause.BUSY else logging.ERROR
    _log.log(level, "database: %s", said(error))
    code = CODES.get(cause, "database-down") if cause else "database-down"
    return respond(request, code, headers={"Retry-After": RETRY_SECONDS})


def on_keys(request: Request[Any, Any, Any], error: OperatorError) -> Response[Any]:
    """Say that a data key does not open; which one, only the log tells."""
    _log.error("keys: %s", error)
    return respond(request, "key-unusable")


def on_unreadable(
    request: Request[Any, Any, Any], error: UnreadableCase
) -> Response[Any]:
    """Say that a case cannot be read; which of its events, only the log tells."""
    _log.warning("%s", error)
    return respond(request, "case-unreadable")


def on_difference(request: Request[Any, Any, Any], error: ViewDiffers) -> Response[Any]:
    """Say that a view is not what the record says; where, only the log tells."""
    _log.warning("%s", error)
    return respond(request, "view-differs")


def on_unusable_view(
    request: Request[Any, Any, Any], error: ViewUnusable
) -> Response[Any]:
    """Say which view cannot be used; what brings it back, only the log tells."""
    _log.error("%s", error)
    headers = {"Retry-After": REBUILT_SECONDS}
    return respond(request, error.code, filling={"view": error.view}, headers=headers)


def on_missing_table(
    request: Request[Any, Any, Any], error: psycopg.errors.UndefinedTable
) -> Response[Any]:
    """Answer that a view is missing, if the table is one of a view."""
    # The server's words, in whatever language, have the name in them.
    named = set(re.findall(r"\w+", error.diag.message_primary or ""))
    for view in VIEWS:
        if named.intersection(view.tables):
            return on_unusable_view(request, ViewMissing(view.name))
    return on_anything(request, error)


def on_contention(request: Request[Any, Any, Any], _: Contended) -> Response[Any]:
    """Answer that others kept acting on the case first."""
    return respond(request, "busy", headers={"Retry-After": RETRY_SECONDS})


def on_system(request: Request[Any, Any, Any], error: OSError) -> Response[Any]:
    """Answer that the disk is full or unusable; anything else is our fault."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return respond(request, "storage-full", headers={"Retry-After": RETRY_SECONDS})
    if error.errno in {errno.ENAMETOOLONG, errno.ELOOP}:
        # A file that was asked for by a path; ours have short names.
        return respond(request, "no-such-page")
    if error.errno in UNUSABLE:
        _log.error("storage: %s", error)
        return respond(request, "storage-unusable")
    return on_anything(request, error)
