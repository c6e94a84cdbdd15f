"""Examples of answers about one case, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CASE_ID = "5f0f6a7e-7f0a-5d5e-9a55-0f3c7f1d2b11"
_AMOUNT = {"amount": "129.00", "currency": "CNY"}
_WAITING = {
    "party": "platform",
    "for": "admission",
    "due": "2026-11-24T16:00:00Z",
    "silence": "recorded",
    "words": (
        "Waiting for the platform: it decides by the end of 24 November (Beijing time)"
        " whether to admit the case; being late is recorded."
    ),
}
CASE_NUMBER = "20261123152102093948"
CASE: Mapping[str, Any] = {
    "view": "buyer",
    "id": CASE_ID,
    "case_number": CASE_NUMBER,
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
            "label": "Withdraw",
            "method": "POST",
            "href": f"/v1/disputes/{CASE_ID}/withdrawal",
            "fields": [
                {
                    "name": "reason",
                    "type": "string",
                    "required": False,
                    "label": "reason",
                }
            ],
        }
    ],
}
_LISTED = {
    "id": CASE_ID,
    "case_number": CASE_NUMBER,
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
    "href": f"/v1/disputes/{CASE_ID}",
    "order": {
        "id": "o-1001",
        "line": "1",
        "title": "Electric kettle, 1.7 l",
        "sku": "KT-17",
        "shop": "Warm Home",
    },
    "changed_at": "2026-11-23T02:00:00Z",
    "tags": [],
    "words": {
        "phase": "waiting for admission",
        "category": "Product quality",
        "reason": "Defective",
        "claim": "Refund ¥129.00",
        "waiting_on": _WAITING["words"],
    },
}
CASES: Mapping[str, Any] = {
    "items": [_LISTED],
    "next": None,
    "total": None,
    "sample": None,
}
COUNTS: Mapping[str, Any] = {
    "total": 31,
    "live": 9,
    "overdue": 1,
    "to_handle": 7,
    "phases": {"awaiting-response": 6, "closed": 22, "negotiating": 3},
    "waiting_on": {"both": 1, "buyer": 2, "seller": 6},
}
QUEUE_COUNTS: Mapping[str, Any] = {
    "total": 31,
    "overdue": 2,
    "unclaimed": 19,
    "phases": {
        "awaiting-response": {"total": 11, "overdue": 0},
        "ruling": {"total": 20, "overdue": 2},
    },
    "waiting_on": {
        "platform": {"total": 20, "overdue": 2},
        "seller": {"total": 11, "overdue": 0},
    },
    "assignees": [{"assignee": "m-1", "total": 7}, {"assignee": "m-2", "total": 5}],
}
_FACT = {
    "position": 41,
    "dispute": CASE_ID,
    "version": 1,
    "type": "filed",
    "at": "2026-11-23T02:00:00Z",
    "precision": "exact",
    "recorded_at": "2026-11-23T02:00:00Z",
    "actor": {"role": "buyer", "id": "b-1", "on_behalf_of": None, "for_id": None},
    "rules": ["cn-default/1#admission"],
    "policy": "cn-default/1",
    "party": None,
    "due": None,
    "imported_from": None,
    "imported_record": None,
}
HISTORY: Mapping[str, Any] = {
    "dispute": CASE_ID,
    "version": 1,
    "facts": [
        _FACT
        | {
            "command_id": "1c1b1f0e-2f0d-5c0b-8f3a-6a1d9f0c7e55",
            "request": "6a2f9c0be1d84d0d9f5f3c1c2e7b8a90",
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
ELIGIBILITY: Mapping[str, Any] = {
    "accepted": False,
    "decided_by": "rule",
    "ground": "late",
    "words": "It would not be admitted.",
    "until": "2026-11-20T16:00:00Z",
    "missing": [],
    "routes": ["consumer-association", "arbitration", "court"],
    "duplicate": None,
    "earlier": None,
}
DEADLINES: Mapping[str, Any] = {
    "dispute": CASE_ID,
    "policy": "cn-default/1",
    "deadlines": HISTORY["deadlines"],
}
_ADMITTED = _FACT | {
    "position": 2,
    "version": 2,
    "type": "admitted",
    "at": "2026-11-23T03:00:00Z",
    "recorded_at": "2026-11-23T03:00:00Z",
    "actor": {"role": "mediator", "id": "m-1", "on_behalf_of": None, "for_id": None},
    "command_id": "1c1b1f0e-2f0d-5c0b-8f3a-6a1d9f0c7e56",
    "request": None,
    "prev": "5e" * 32,
    "payload": {"type": "admitted", "note": "Photos are announced."},
}
DIFFERENCE: Mapping[str, Any] = {
    "dispute": CASE_ID,
    "before": 1,
    "after": 2,
    "facts": [_ADMITTED],
    "changes": [{"field": "phase", "before": "filed", "after": "awaiting-response"}],
}
