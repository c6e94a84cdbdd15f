"""Examples of answers about consistency, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interface.api.openapi.case_examples import CASE_ID

_TOLD = {"rate": 0.25, "low": 0.138, "high": 0.411}
_KIND = {
    "category": "quality",
    "reason": "defect",
    "cited": "sample-platform/1:3",
    "amount": "CNY 100-500",
    "evidence": "photo",
}
_DECISIONS = [
    {"liability": "seller", "remedies": "refund", "cases": 11},
    {"liability": "buyer", "remedies": "dismissal", "cases": 1},
]

CONSISTENCY: Mapping[str, Any] = {
    "period": "2026-Q3",
    "zone": None,
    "category": None,
    "system": None,
    "platform": "shop",
    "least": 10,
    "position": 41,
    "record_from": None,
    "reversals": {
        "whole": {"key": "all", "decided": 36, "changed": 9, **_TOLD},
        "by_rule": [
            {"key": "sample-platform/1:3", "decided": 36, "changed": 9, **_TOLD}
        ],
        "by_category": [{"key": "quality", "decided": 36, "changed": 9, **_TOLD}],
        "by_decider": [{"key": "m-1", "decided": 36, "changed": 9, **_TOLD}],
    },
    "alike": {
        "pairs": 66,
        "different": 11,
        "kinds": 1,
        "listed": [
            {
                **_KIND,
                "cases": 12,
                "pairs": 66,
                "different": 11,
                "decisions": _DECISIONS,
            }
        ],
    },
    "lateness": [
        {"stage": "ruling", "category": "all", "cases": 36, "late": 9, **_TOLD}
    ],
    "sellers": {
        "sellers": 1,
        "listed": [
            {
                "platform": "shop",
                "seller": "s-1",
                "ruled": 36,
                "faults": 9,
                "unanswered": 2,
                "defaulted": 1,
                "sanctioned": 1,
                **_TOLD,
            }
        ],
    },
}
PAIRS: Mapping[str, Any] = {
    "items": [
        {
            **_KIND,
            "id": CASE_ID,
            "ruled_at": "2026-09-27T03:00:00Z",
            "liability": "buyer",
            "remedies": "dismissal",
            "decider": "m-1",
            "href": f"/v1/audit/disputes/{CASE_ID}",
            "earlier": {
                "id": "6a0d0e0c-54d5-5f0e-8b54-0d3b5f0f9d11",
                "ruled_at": "2026-09-20T03:00:00Z",
                "liability": "seller",
                "remedies": "refund",
                "decider": "m-2",
                "href": "/v1/audit/disputes/6a0d0e0c-54d5-5f0e-8b54-0d3b5f0f9d11",
            },
        }
    ],
    "next": None,
}
