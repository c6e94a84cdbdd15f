"""Errors as RFC 9457 problem details, in the caller's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from litestar import Request, Response
from msgspec import Struct

from application.cases.readable_values import amount_in_words
from application.texts import Blank, chosen, say, texts
from domain.case.dispute import Phase
from domain.money import parse
from domain.refusals import Problem, Refusal
from interface.api.refusal_log import LOGGED, LOGGED_CODES, log_refusal
from interface.request_id import REQUEST_ID

MEDIA_TYPE = "application/problem+json"

MOST_FAULTS = 50
"""A client that sent more than 50 wrong things learns nothing from the next one."""


class Fault(Struct, frozen=True):
    """One thing that is wrong: a JSON pointer, a stable code, and words."""

    pointer: str
    code: str
    detail: str


class ProblemDetails(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error (RFC 9457).

    `phase` and `possible` say, for a refused command, where the case stands and what
    the caller can do instead. `dispute`, `case_number` and `href` lead to the case
    that a filing would have begun once more. `request_id` is also in the log lines.
    """

    type: str
    title: str
    status: int
    detail: str = ""
    errors: tuple[Fault, ...] = ()
    phase: Phase | None = None
    possible: tuple[str, ...] | None = None
    version: int | None = None
    request_id: str | None = None
    dispute: UUID | None = None
    case_number: str | None = None
    href: str | None = None


class Failure(Exception):
    """An error of the interface itself, by its code in the texts."""

    def __init__(
        self,
        code: str,
        *,
        faults: Iterable[Problem] = (),
        headers: Mapping[str, str] | None = None,
        **filling: str,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.faults = tuple(faults)
        self.headers = dict(headers or {})
        self.filling = filling


def malformed(place: str, code: str, **filling: str) -> Failure:
    """Return the failure of one malformed parameter, header or field."""
    return Failure("malformed", faults=[Problem(f"/{place}", code, filling)])


class Refused(Exception):
    """A refusal, with where the case stands and what is possible instead."""

    def __init__(
        self, refusal: Refusal, phase: Phase, possible: tuple[str, ...], version: int
    ) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal
        self.phase = phase
        self.possible = possible
        self.version = version
        self.there: Mapping[str, str] = {}


def respond(
    request: Request[Any, Any, Any],
    code: str,
    *,
    filling: Mapping[str, str] | None = None,
    faults: Iterable[Problem] = (),
    headers: Mapping[str, str] | None = None,
    about: Mapping[str, Any] | None = None,
    logged_as: str | None = None,
) -> Response[ProblemDetails]:
    """Answer with the problem of a code; `filling` fills in its words.

    A refusal for who the caller is, or how much they send, is logged, as `logged_as` if
    that says more.
    """
    filling = filling or {}
    language = chosen(request.headers.get("accept-language"))
    entry = texts()["problems"][code]
    request.state["problem"] = code
    filled = _translated(filling, language)
    detail = entry.get("detail", {}).get(language, "")
    # The reason has words of its own, which say more than those of the code.
    if code == "no-ground" and "reason" in filling:
        detail = "{reason}"
    if entry["status"] in LOGGED or code in LOGGED_CODES:
        log_refusal(request, entry["status"], logged_as or code)
    details = ProblemDetails(
        type=f"urn:redress:problem:{code}",
        title=entry["title"][language],
        status=entry["status"],
        detail=detail.format_map(Blank(filled)) or filling.get("said", ""),
        errors=tuple(fault(one, language) for one in _bounded(faults)),
        request_id=REQUEST_ID.get(),
        **(about or {}),
    )
    return Response(
        details,
        status_code=details.status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": language, **(headers or {})},
    )


def _bounded(faults: Iterable[Problem]) -> list[Problem]:
    """Return the first problems, and how many more there are: answers have a size."""
    listed = list(faults)
    more = len(listed) - MOST_FAULTS
    if more <= 0:
        return listed
    return [*listed[:MOST_FAULTS], Problem("", "and-more", {"number": str(more)})]


def _translated(filling: Mapping[str, str], language: str) -> dict[str, str]:
    """Put codes that have words into words; an empty list reads "none"."""
    tables = {
        "phase": "phases",
        "role": "roles",
        "awaited": "awaited",
        "relation": "relations",
        "reason": "conditions",
        "trigger": "triggers",
        "view": "views",
        "expected_type": "types",
        "got_type": "types",
    }
    if "trigger" in filling:
        filling = dict(filling) | {"possible": _listed(filling, language)}
    return {
        name: say(tables[name], value, language)
        if name in tables
        else _AMOUNT.sub(_readable, value)
        or say("lists", "blank" if name == "value" else "empty", language)
        for name, value in filling.items()
    }


def _listed(filling: Mapping[str, str], language: str) -> str:
    """Put the triggers that are possible into words."""
    possible = filter(None, filling.get("possible", "").split(", "))
    between = say("lists", "between", language)
    return between.join(say("triggers", one, language) for one in possible)


_AMOUNT = re.compile(r"\A(\d+(?:\.\d+)?) ([A-Z]{3})\Z", re.ASCII)
"""An amount with its currency, as refusals of the domain name it."""


def _readable(amount: re.Match[str]) -> str:
    return amount_in_words(parse(amount[1], amount[2]))


def _priced(details: Mapping[str, str]) -> dict[str, str]:
    """Put the currency to the amounts that it stands beside."""
    currency, amounts = details.get("currency"), {"limit", "granted"} & details.keys()
    if currency is None:
        return dict(details)
    return dict(details) | {name: f"{details[name]} {currency}" for name in amounts}


def fault(problem: Problem, language: str) -> Fault:
    """Put what is wrong into words."""
    details = _translated(_priced(problem.details), language)
    detail = say("faults", problem.code, language, **details)
    return Fault(problem.pointer, problem.code, detail)
