"""Turns the decoder's messages about a body or a query into places and codes.

msgspec and Litestar say what is wrong in English sentences only. The tests of bad input
notice when a new version words them differently.
"""

from __future__ import annotations

import codecs
import re

from application.texts import say
from domain.refusals import Problem

BOM = codecs.BOM_UTF8

_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`")
_MESSAGES = (
    (r"Object missing required field `(?P<field>[^`]+)`", "required"),
    (r"Missing required \w+ parameter '(?P<field>[^']+)' for path .*", "required"),
    (r"Object contains unknown field `(?P<field>[^`]*)`", "unknown-field"),
    (r"Expected `\w+` of length >= 1", "blank"),
    (r"Expected `\w+` of length >= (?P<limit>\d+)", "too-short"),
    (r"Expected `\w+` of length <= (?P<limit>\d+)", "too-long"),
    (r"Expected `\w+` >= (?P<limit>-?\d+)", "too-small"),
    (r"Expected `\w+` <= (?P<limit>-?\d+)", "too-high"),
    (r"Expected `\w+` matching regex .*", "not-visible"),
    (r"Expected `datetime` with a timezone component", "no-offset"),
    (r"Invalid RFC3339 encoded datetime", "not-a-time"),
    (r"Invalid UUID", "not-a-uuid"),
    (r"(?s)Invalid enum value ['\"]?(?P<value>.*?)['\"]?", "not-one-of"),
    (
        r"Expected `(?P<expected_type>\w+)[^`]*`, got `(?P<got_type>\w+)[^`]*`",
        "wrong-type",
    ),
    (r"'data'", "no-body"),
)
_KNOWN = tuple((re.compile(pattern), code) for pattern, code in _MESSAGES)


def shape_problem(key: str, message: str) -> Problem:
    """Return what is wrong, with the JSON pointer of the field itself.

    `key` is a dotted path such as "claim.amount" or "reasons[0].rule".
    """
    message = _PLACE.sub("", message)
    for pattern, code in _KNOWN:
        if match := pattern.fullmatch(message):
            details = {k: v for k, v in match.groupdict().items() if v is not None}
            return Problem(pointer(key, details.get("field")), code, details)
    # A message that no pattern knows is passed on rather than lost.
    return Problem(pointer(key), "shape", {"said": message})


def pointer(key: str, field: str | None = None) -> str:
    """Return the JSON pointer (RFC 6901) of a place, or of a field there."""
    parts = key.replace("[", ".").replace("]", "").split(".")
    named = [part for part in parts if part not in {"", "data"}]
    if field is not None:
        # "~" first, or it would escape the "~" of an escaped "/".
        named.append(field.replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in named)


def shape_words(message: str) -> str:
    """Return what the decoder says of a value, as "paid.amount: has to be …"."""
    place = _PLACE.search(message)
    problem = shape_problem(place["path"] if place else "", message)
    details = {
        name: say("types", value, "en") if name.endswith("_type") else value
        for name, value in problem.details.items()
    }
    at = problem.pointer.strip("/").replace("/", ".")
    said = say("faults", problem.code, "en", **details)
    return f"{at}: {said}" if at else said


_BYTE = re.compile(r"\(byte (\d+)\)")


def json_problem(message: str, body: bytes) -> Problem:
    """Return why a body is no JSON, and at which byte, from 0 on."""
    if body.startswith(BOM):
        return Problem("", "byte-order-mark")
    found = _BYTE.search(message)
    # Without a place: the end was reached too early.
    return Problem("", "not-json", {"byte": found[1] if found else str(len(body))})
