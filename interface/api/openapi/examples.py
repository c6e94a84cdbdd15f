"""What the OpenAPI document shows of answers: an example each, and their headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar.openapi.spec import Example, OpenAPIHeader, OpenAPIType, Operation, Schema

_CASE_ID = "5f0f6a7e-7f0a-5d5e-9a55-0f3c7f1d2b11"
_AMOUNT = {"amount": "129.00", "currency": "CNY"}
_WAITING = {
    "party": "platform",
    "for": "admission",
    "due": "2026-11-24T16:00:00Z",
    "silence": "recorded",
    "words": "the platform: admission or refusal; lateness is recorded",
}
CASE: Mapping[str, Any] = {
    "id": _CASE_ID,
    "version": 1,
    "phase": "filed",
    "words": {"phase": "waiting for admission", "category": "Product quality"},
    "platform": "shop",
    "channel": "order-page",
    "category": "quality",
    "reason": "defect",
    "seller": "s-1",
    "buyer": "b-1",
    "order": {"id": "o-1001", "line": "1", "paid": _AMOUNT},
    "claim": {"kind": "refund", "amount": _AMOUNT},
    "facts": "The kettle leaks at the handle since the first day.",
    "policy": "cn-default/1",
    "opened_at": "2026-11-23T02:00:00Z",
    "waiting_on": _WAITING,
    "actions": [
        {
            "name": "withdrawal",
            "method": "POST",
            "href": f"/v1/disputes/{_CASE_ID}/withdrawal",
            "fields": [{"name": "reason", "type": "string", "required": False}],
        }
    ],
}
_LISTED = {
    "id": _CASE_ID,
    "version": 1,
    "phase": "filed",
    "category": "quality",
    "reason": "defect",
    "buyer": "b-1",
    "seller": "s-1",
    "assignee": None,
    "claim": "refund",
    "amount": _AMOUNT,
    "waiting_on": "platform",
    "waiting_for": "admission",
    "due": "2026-11-24T16:00:00Z",
    "overdue": False,
    "opened_at": "2026-11-23T02:00:00Z",
    "closed_at": None,
    "outcome": None,
    "imported_from": None,
    "href": f"/v1/disputes/{_CASE_ID}",
}
CASES: Mapping[str, Any] = {"items": [_LISTED], "next": None}
_FACT = {
    "position": 41,
    "dispute": _CASE_ID,
    "version": 1,
    "type": "filed",
    "at": "2026-11-23T02:00:00Z",
    "precision": "exact",
    "recorded_at": "2026-11-23T02:00:00Z",
    "actor": {"role": "buyer", "id": "b-1", "on_behalf_of": None},
    "rules": ["cn-default/1#admission"],
    "policy": "cn-default/1",
    "party": None,
    "due": None,
    "imported_from": None,
    "imported_record": None,
}
HISTORY: Mapping[str, Any] = {
    "dispute": _CASE_ID,
    "version": 1,
    "facts": [
        _FACT
        | {
            "command_id": "1c1b1f0e-2f0d-5c0b-8f3a-6a1d9f0c7e55",
            "prev": None,
            "payload": {"type": "filed", "category": "quality", "reason": "defect"},
        }
    ],
    "deadlines": [
        {
            "awaited": "admission",
            "party": "platform",
            "item": None,
            "started_by": 1,
            "start": "2026-11-21T03:00:00Z",
            "limit": "admission",
            "length": "1 working day",
            "calendar": "CN@holidays-0.109",
            "due": "2026-11-23T16:00:00Z",
            "state": "running",
            "ended_by": None,
            "ended_at": None,
            "done_at": None,
            "late": None,
            "late_net": None,
            "pauses": [],
            "extensions": [],
        }
    ],
}
FACTS: Mapping[str, Any] = {"items": [_FACT], "next": None}
REPORT: Mapping[str, Any] = {
    "report": {
        "period": "2026-11",
        "zone": None,
        "by": "none",
        "category": None,
        "system": None,
        "position": 41,
        "groups": [
            {
                "key": "all",
                "figures": [
                    {"id": "opened", "unit": "cases", "value": 20, "numerator": 20},
                    {
                        "id": "admitted",
                        "unit": "share",
                        "value": 0.9,
                        "numerator": 18,
                        "denominator": 20,
                    },
                ],
            }
        ],
        "left_out": {},
    },
    "definitions": [
        {
            "id": "opened",
            "zh": "收到的投诉",
            "en": "Complaints filed",
            "unit": "cases",
            "dated": "opened_at",
            "counted": "true",
            "out_of": None,
            "measured": None,
            "broken_down": None,
            "version": 1,
        }
    ],
    "code_version": "0.1.0",
}
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "List disputes": CASES,
    "Read the queue": CASES,
    "Read the whole history of a case": HISTORY,
    "Search facts": FACTS,
    "Figures of a period": REPORT,
}
"""By the summary of the request; every other one here is answered with a case."""

_TEXT = Schema(type=OpenAPIType.STRING)
_HEADERS = {
    "ETag": OpenAPIHeader(schema=_TEXT, description='The version, such as "3".'),
    "Location": OpenAPIHeader(schema=_TEXT, description="Where it is."),
}
_JSON = "application/json"
_NOT_A_CASE = {"Read one's notices", "Read evidence", "Replay a case"}


def tell_answer(operation: Operation) -> None:
    """Add to a request's good answer its example, and the headers of cases."""
    for status, answer in (operation.responses or {}).items():
        content = getattr(answer, "content", None) or {}
        if status not in {"200", "201"} or _JSON not in content:
            continue
        value = ANSWERS.get(operation.summary or "", CASE)
        if operation.summary in _NOT_A_CASE:
            continue
        content[_JSON].examples = {"answer": Example(value=value)}
        if value is CASE or value is HISTORY:
            names = ("ETag", "Location") if status == "201" else ("ETag",)
            headers = {name: _HEADERS[name] for name in names}
            answer.headers = (answer.headers or {}) | headers  # type: ignore[union-attr]
