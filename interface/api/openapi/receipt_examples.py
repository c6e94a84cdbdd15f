"""Examples of receipts, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interface.api.openapi.case_examples import CASE_ID
from interface.api.openapi.oversight_examples import PROOF

STATEMENT_KEYS = [
    {
        "vkey": "shop.example/redress/statements+1d0f8a7b+AbC3…",
        "endorsement": "redress statement key\nshop.example/redress\n…",
    }
]
RECEIPT: Mapping[str, Any] = {
    "format": "redress-receipt/1",
    "origin": "shop.example/redress",
    "case": CASE_ID,
    "version": 1,
    "event": "eyJjYXNlIjoi…",
    "leaf": "7c419bf26d3ca32a6d0a2b82b0fa896ab3379379c6fddc32d53e21d26d9c4345",
    "statement_keys": STATEMENT_KEYS,
    "keys": [
        {
            "vkey": "shop.example/redress+654f7790+AbC3…",
            "made_at": "2026-11-25T09:00:00Z",
            "endorsement": None,
        }
    ],
    "proof": PROOF,
}
RECEIPTS: Mapping[str, Any] = {"items": [RECEIPT], "next": None}
LOG_STATE: Mapping[str, Any] = {
    "origin": "shop.example/redress",
    "size": 1204,
    "signed": 1204,
    "cosigned": 1187,
    "published": "signed",
    "merge_delay": 60,
    "waiting": 0,
    "is_late": False,
}
