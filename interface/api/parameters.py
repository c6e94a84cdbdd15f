"""Checks what a request brings: known parameters and codes, and no needless body."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from application.decode_errors import shape_problem
from application.imports.mapping import EVENTS
from application.record.storable_values import MOST_NAME_BYTES
from domain.names import BadName, visible_text
from domain.policy.codes import Codes
from domain.refusals import Problem
from interface.api.commands.id_fields import bad_name
from interface.api.problems import Failure, malformed

_CHECKED = ("/v1/", "/health/")
NO_TIME = "Invalid RFC3339 encoded datetime"
"""What the decoder says of other texts that are no time."""

_NUMBER = re.compile(r"[+-]?[\d.]+([eE][+-]?\d+)?")
_FREE_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}=.+", re.DOTALL)
_NOT_IN_QUERIES = {"request", "system", "context", "data"}


async def refuse_unknown_parameters(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Name every parameter that the path does not take. Raises Failure.

    Passed over, a mistyped filter would give a list that looks empty or complete.
    """
    if not connection.url.path.startswith(_CHECKED):
        return
    # A parameter that is a word of Python ("from") has a final "_" in the signature.
    parameters = {n.rstrip("_") for n in handler.parsed_fn_signature.parameters}
    known = sorted(parameters - _NOT_IN_QUERIES - set(connection.path_params))
    given = list(connection.query_params.multi_items())
    faults = [
        _unknown(name, known) if name not in known else _not_text(name)
        for name, value in given
        if name not in known or not _is_text(value)
    ]
    # No parameter is a list: of two values one would be passed over, and another one
    # might be checked than the one that counts.
    times = Counter(name for name, _ in given)
    faults += [
        Problem(f"/{name}", "given-twice")
        for name, count in times.items()
        if count > 1 and name in known
    ]
    # A number would be taken for seconds since 1970, and a mistyped time be one.
    faults += [
        shape_problem(f"{name}", NO_TIME)
        for name, value in given
        if _NUMBER.fullmatch(value) and _is_time(handler, name)
    ]
    if faults:
        raise Failure("malformed", faults=faults)


def _is_time(handler: BaseRouteHandler, name: str) -> bool:
    field = handler.parsed_fn_signature.parameters.get(name)
    return field is not None and (
        field.is_subclass_of(datetime) or field.has_inner_subclass_of(datetime)
    )


async def refuse_needless_body(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Refuse a body that is sent to a route that takes none. Raises Failure.

    Passed over, its sender would believe that it had an effect.
    """
    takes_body = "data" in handler.parsed_fn_signature.parameters
    # An upload reads the stream itself, and only once.
    if takes_body or handler.opt.get("upload") or not isinstance(connection, Request):
        return
    body = await connection.body()
    # Many clients send these where they mean nothing.
    if body.strip() not in {b"", b"{}", b"null"}:
        raise Failure("malformed", faults=_needless(body))


def _needless(body: bytes) -> list[Problem]:
    try:
        sent = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        return [Problem("", "takes-no-body")]
    return [shape_problem("", f"Object contains unknown field `{n}`") for n in sent]


def category(codes: Codes, code: str | None) -> str | None:
    """Return the code of a category. Raises Failure if it does not exist."""
    return one_of("category", code, tuple(codes.categories))


def reason(codes: Codes, code: str | None) -> str | None:
    """Return the code of a reason, of any category. Raises Failure."""
    known = {one for each in codes.categories.values() for one in each.reasons}
    return one_of("reason", code, tuple(sorted(known)))


def category_or_reason(codes: Codes, code: str | None) -> str | None:
    """Return a category, or "category/reason". Raises Failure."""
    name, slash, _ = (code or "").partition("/")
    if not slash or name not in codes.categories:
        return category(codes, code)
    reasons = codes.categories[name].reasons
    return one_of("category", code, tuple(f"{name}/{one}" for one in reasons))


def name_of(parameter: str, value: str | None) -> str | None:
    """Return a name in its one form, or "" for nobody. Raises Failure.

    Names of imported cases may be longer than those that clients give.
    """
    if not value:
        return value
    try:
        return visible_text(value, MOST_NAME_BYTES)
    except BadName as error:
        fault = bad_name(f"/{parameter}", error)
        raise Failure("malformed", faults=[fault]) from None


def event_type(kind: str | None, name: str = "type") -> str | None:
    """Return the name of a kind of event. Raises Failure if it does not exist."""
    return one_of(name, kind, tuple(EVENTS))


def free_field(said: str | None, name: str = "extra") -> str | None:
    """Return a free field of an import, as NAME=VALUE. Raises Failure."""
    if said is not None and not _FREE_FIELD.fullmatch(said):
        raise malformed(name, "no-free-field")
    return said


def aware(name: str, moment: datetime | None) -> datetime | None:
    """Return a time that has an offset. Raises Failure for one that has none."""
    if moment is not None and moment.tzinfo is None:
        raise malformed(name, "no-offset")
    return moment


def check_span(
    first: tuple[str, datetime | None], last: tuple[str, datetime | None]
) -> None:
    """Raise Failure for a span of time that ends before it begins.

    Each end is its parameter and its value. No row could be found in such a span, which
    would look like a complete answer.
    """
    (_, begins), (name, ends) = first, last
    if aware(*first) and aware(*last) and begins and ends and ends < begins:
        raise malformed(name, "ends-before")


def one_of(name: str, code: str | None, allowed: tuple[str, ...]) -> str | None:
    """Return a code that a parameter may have. Raises Failure, naming those."""
    if code is None or code in allowed:
        return code
    said = {"allowed": ", ".join(allowed)}
    raise Failure("malformed", faults=[Problem(f"/{name}", "unknown-code", said)])


def _unknown(name: str, known: list[str]) -> Problem:
    code = "unknown-parameter" if known else "no-parameters"
    return Problem(f"/{name}", code, {"allowed": ", ".join(known)})


def _not_text(name: str) -> Problem:
    return Problem(f"/{name}", "control-characters")


def _is_text(value: str) -> bool:
    # PostgreSQL takes no NUL, and nothing can encode a lone surrogate: both would be a
    # fault of the server later on.
    return not any(char < " " or "\ud800" <= char <= "\udfff" for char in value)
