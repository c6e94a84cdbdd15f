"""Examples of answers about the record and all cases, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from interface.api.openapi.case_examples import CASE_ID

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
            "zh": "收到的纠纷",
            "en": "Disputes filed",
            "unit": "cases",
            "dated": "opened_at",
            "counted": "true",
            "out_of": None,
            "measured": None,
            "broken_down": None,
            "version": 1,
        }
    ],
    "code_version": version("redress"),
}
PUBLIC_FIGURES: Mapping[str, Any] = {
    "period": "2026-Q4",
    "by": "none",
    "category": None,
    "smallest": 5,
    "groups": [
        {
            "key": "all",
            "keys": ["all"],
            "figures": [
                {
                    "id": "admitted",
                    "unit": "share",
                    "value": 0.89,
                    "numerator": 160,
                    "denominator": 180,
                    "parts": None,
                    "amount": None,
                    "suppressed": False,
                }
            ],
        }
    ],
}
FIGURE_CASES: Mapping[str, Any] = {
    "items": [
        {
            "id": CASE_ID,
            "at": "2026-11-27T03:00:00Z",
            "counted": True,
            "days": None,
            "amount": None,
            "part": "seller",
            "platform": "shop",
            "category": "quality",
            "reason": "defect",
            "seller": "s-1",
            "decider": "m-1",
            "appeal_decider": None,
            "policy": "cn-default/1",
            "liability": "seller",
            "outcome": None,
            "href": f"/v1/audit/disputes/{CASE_ID}",
        }
    ],
    "next": None,
}
STANDING: Mapping[str, Any] = {
    "seller": "s-1",
    "points": 2,
    "faults": {CASE_ID: 2},
    "sanctions": ["warning"],
    "history": [
        {
            "type": "standing-fault",
            "dispute": CASE_ID,
            "because": "ruled",
            "at": "2026-11-27T03:00:00Z",
            "points": 2,
            "words": "Points lost: 2, as a ruling found the seller liable.",
        }
    ],
    "words": "Points lost: 2. Sanctions in force: Warning.",
}
CHECKPOINT = (
    "shop.example/redress\n1204\nS8QOj0VEvQ3hhTlVyXvw6A2e9ac7yWBQh0SErsXHPW8=\n\n"
    "— shop.example/redress ZlT3kHQv0Zr1…\n"
)
_PROOF = (
    "c2sp.org/tlog-proof@v1\nindex 1203\n"
    "1l1uVSuYV8mJSkkL4VzVb4gZbF1JrzjYzkr4TmcKcw4=\n\n" + CHECKPOINT
)
PROOF = _PROOF
PROOFS: Mapping[str, Any] = {
    "dispute": CASE_ID,
    "checkpoint": "cosigned",
    "size": 1204,
    "events": [
        {
            "version": 1,
            "position": 1187,
            "leaf": "fEGb8m0pyU1oCrC4PqJrWjN5N5xv3cQy1T4h0m2cQ0U=",
            "index": 1202,
            "proof": _PROOF,
        }
    ],
    "head": {
        "version": 1,
        "entry": '{"case":"5f0f6a7e-7f0a-5d5e-9a55-0f3c7f1d2b11","version":1}',
        "index": 1203,
        "proof": _PROOF,
    },
}
CONSISTENCY: Mapping[str, Any] = {
    "old": 1000,
    "new": 1204,
    "proof": ["1l1uVSuYV8mJSkkL4VzVb4gZbF1JrzjYzkr4TmcKcw4="],
}
GRANT: Mapping[str, Any] = {
    "id": "7d2c2b1e-0b8e-5f0e-9b1c-3f0d6a1b9c42",
    "platform": "shop",
    "reader": "a-1",
    "role": "auditor",
    "begins": "2026-11-23T00:00:00Z",
    "ends": "2026-12-23T00:00:00Z",
    "purpose": "Audit 2026-Q4",
    "disputes": None,
    "given_by": "sv-1",
    "given_at": "2026-11-22T09:00:00Z",
    "revoked_by": None,
    "revoked_at": None,
}
REVOKED: Mapping[str, Any] = {
    **GRANT,
    "revoked_by": "sv-1",
    "revoked_at": "2026-12-01T09:00:00Z",
}
API_KEY: Mapping[str, Any] = {
    "id": "4fVq2bN8xTz1",
    "name": "Order system",
    "role": "platform",
    "platform": "shop",
    "subject": "order-system",
    "scopes": ["fileDispute", "GET /v1/disputes"],
    "created_by": "sv-1",
    "creator_role": "supervisor",
    "created_at": "2026-11-01T09:00:00Z",
    "expires_at": "2027-02-01T00:00:00Z",
    "revoked_by": None,
    "revoker_role": None,
    "revoked_at": None,
    "reason": None,
    "used_at": "2026-11-23T10:00:00Z",
}
MADE_API_KEY: Mapping[str, Any] = {
    **API_KEY,
    "used_at": None,
    "key": "rk_4fVq2bN8xTz1_" + "0" * 49,
}
REVOKED_API_KEY: Mapping[str, Any] = {
    **API_KEY,
    "revoked_by": "sv-1",
    "revoker_role": "supervisor",
    "revoked_at": "2026-12-01T09:00:00Z",
    "reason": "Replaced",
}
ACCESS_LOG: Mapping[str, Any] = {
    "items": [
        {
            "number": 12,
            "at": "2026-11-23T10:00:00Z",
            "reader": "a-1",
            "role": "auditor",
            "platform": "shop",
            "prev": "9f" * 32,
            "event": {
                "type": "case-viewed",
                "what": "history",
                "path": f"/v1/audit/disputes/{CASE_ID}",
                "purpose": "Audit 2026-Q4",
                "case": CASE_ID,
            },
        }
    ],
    "next": None,
}
ERASURE: Mapping[str, Any] = {
    "id": "3b0f7e51-6f0d-5e88-9d0a-8a5c1f0e2d77",
    "state": "requested",
    "platform": "shop",
    "subject": "b-1",
    "role": "buyer",
    "basis": "Request 2026-12",
    "requested_by": "sv-1",
    "requested_at": "2026-11-23T10:00:00Z",
    "approved_by": None,
    "approved_at": None,
    "refused_for": None,
    "recorded_at": None,
    "cases": None,
    "files": None,
    "done_at": None,
    "final_at": None,
}
APPROVED: Mapping[str, Any] = {
    **ERASURE,
    "state": "approved",
    "approved_by": "sv-2",
    "approved_at": "2026-11-23T11:00:00Z",
}
FILE_LINK: Mapping[str, Any] = {
    "href": "/v1/files/Zk2mVtq0y9s6gTnJw4hXcLrE1bDuA8fo",
    "expires_at": "2026-11-23T03:05:00Z",
}
