"""Examples of webhooks and what was sent to them, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interface.api.openapi.case_examples import CASE_ID

_ID = "0b0f2f3e-5f0c-5f7b-9f6b-0f5c5b3b9a11"
_DELIVERY = "7d1f6a58-0a2c-5b53-8f0e-3c9f0d1b2a44"

WEBHOOK: Mapping[str, Any] = {
    "id": _ID,
    "url": "https://example.com/redress",
    "events": ["ruled", "closed"],
    "state": "active",
    "after": 41,
    "created_at": "2026-11-20T02:00:00Z",
    "failed_at": None,
}
MADE: Mapping[str, Any] = {
    "webhook": WEBHOOK,
    "secret": "whsec_c2VjcmV0IG9mIHRoaXMgZXhhbXBsZSwgMzIgYnl0ZXM=",
}
ROTATED: Mapping[str, Any] = MADE
CHANGED: Mapping[str, Any] = {
    "change": "created",
    "url": "https://example.com/redress",
    "events": ["ruled", "closed"],
    "changed_by": "v-1",
    "changed_at": "2026-11-20T02:00:00Z",
}
DELIVERY: Mapping[str, Any] = {
    "id": _DELIVERY,
    "message_id": f"msg_{_DELIVERY.replace('-', '')}",
    "position": 42,
    "dispute": CASE_ID,
    "type": "ruled",
    "state": "waiting",
    "tries": 1,
    "created_at": "2026-11-20T02:00:01Z",
    "next_at": "2026-11-20T02:00:06Z",
    "ended_at": None,
}
WHOLE: Mapping[str, Any] = {
    "delivery": DELIVERY,
    "attempts": [
        {
            "number": 1,
            "at": "2026-11-20T02:00:01Z",
            "milliseconds": 87,
            "status": 500,
            "problem": "status",
        }
    ],
}
AGAIN: Mapping[str, Any] = {"deliveries": 1}
