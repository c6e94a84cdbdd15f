"""What schemathesis cannot know: cases that there are, fresh keys, and our refusals.

It loads this module itself, in a process of its own; see test_schemathesis.py.
"""

from __future__ import annotations

import json
import os
import re
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import schemathesis
import schemathesis.specs.openapi.coverage._schema as drawing
from schemathesis.core.failures import Failure
from schemathesis.generation.meta import TestPhase

from tests.http.schemathesis_settings import KNOWN

REFUSALS = {
    "invalid": "the rules of the domain: what fits a case, its phase and its codes",
    "key-reused": "the same key comes twice, with other bodies",
    "stale": "a version in If-Match that is not the present one",
    "unsupported-type": "what a file is, its first bytes say",
    "erased": "what was there once",
    "purpose-missing": "its form is asked of those only whose reads are recorded",
}
"""Problems with which a request that fits the document may be answered all the same."""

FAULTS = {
    "unknown-code": "codes are in tables that an installation extends",
    "no-cursor": "a cursor is opaque: only one that was given out is one",
    "case-number-check": "digits that a case number's own check refuses",
    "no-moment": "a time of this form that is none, such as of February 30",
    "invisible-character": "no pattern says which characters can be seen",
    "control-characters": "true of all queries, and said in one place",
    "other-platform": "a token that is of one platform asks for another one",
    "unknown-platform": "a platform is one if a case of it was recorded",
    "no-dispute": "an id of a case is one if the case was recorded",
    "larger-than-new": "two parameters that do not go together",
    "later-than-to": "two parameters that do not go together",
    "platform-needed": "two parameters that do not go together",
    "only-with-sample": "two parameters that do not go together",
    "no-part": "two parameters that do not go together",
    "only-with-by": "two parameters that do not go together",
    "only-with-as-of": "two parameters that do not go together",
    "no-zone": "a zone's name is one if the database of time zones has it",
}
"""The same of what is wrong in a request that is malformed."""

FAULTS_AT = {
    ("/currency", "required"): "an amount is compared in its currency only",
    ("/cursor", "not-with-this"): "a sample has no pages",
    ("/metric", "not-with-this"): "the other name of the figure is there",
}
"""The same where it is wrong at one place only, and at others a fault of ours."""

# Longer texts of a pattern are not drawn at random, which takes seconds for each and
# mostly ends without one, but made of one character.
drawing.MAX_GENERATED_PATTERN_LENGTH = 60  # type: ignore[attr-defined]

_KNOWN: dict[str, Any] = json.loads(os.environ[KNOWN])
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_AFTER = re.compile("[0-9a-fA-F-]{32,36}:[0-9]{1,9}")
_used: set[str] = set()
_turn = count()


@schemathesis.hook
def before_call(_: Any, case: Any, __: Any) -> None:
    """Send a request to a case that there is, under a key that is new."""
    headers, path = case.headers, case.path_parameters
    key = headers.get("Idempotency-Key")
    if key is not None and _KEY.fullmatch(str(key)):
        if key in _used:
            headers["Idempotency-Key"] = key = str(uuid4())
        _used.add(key)
    if _KNOWN["role"] != "platform":
        headers.pop("On-Behalf-Of", None)
    if _KNOWN["role"] in {"auditor", "regulator"}:
        headers.setdefault("Purpose", "Audit 2026-Q4")
    if _AFTER.fullmatch(str((case.query or {}).get("after", ""))):
        # What no list will ever hold is waited for, for seconds.
        case.query["after"] = f"{_KNOWN['path']['dispute_id'][0]}:1"
    # Links fill in what an earlier answer has named.
    if case.meta is None or case.meta.phase.name is TestPhase.STATEFUL:
        return
    for name, values in _KNOWN["path"].items():
        given = path.get(name)
        if given is not None and _fits(name, given):
            path[name] = values[next(_turn) % len(values)]


def _fits(name: str, given: Any) -> bool:
    """Tell whether a value is of the right form, so that another may stand for it."""
    if name == "number":
        return isinstance(given, int) and not isinstance(given, bool)
    try:
        UUID(given)
    except (ValueError, TypeError, AttributeError):
        return False
    return True


@schemathesis.hook
def filter_failure(_: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Keep a failure, unless it is a refusal for which there is a reason above."""
    try:
        problem = response.json()
    except ValueError:
        return True
    kind = str(problem.get("type", "")).rpartition(":")[2]
    match failure.code:
        case "ST202":
            return not _is_refusal(kind, problem)
        case "ST204":
            # A stranger is told of no path, not even which methods it has; and
            # schemathesis brings no token to paths that are public.
            return kind != "unauthenticated" or "Authorization" in case.headers
        case _:
            return True


def _is_refusal(kind: str, problem: dict[str, Any]) -> bool:
    if kind != "malformed":
        return kind in REFUSALS
    faults = [(one["pointer"], one["code"]) for one in problem.get("errors", ())]
    return bool(faults) and all(
        fault[1] in FAULTS or fault in FAULTS_AT for fault in faults
    )
