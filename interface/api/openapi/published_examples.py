"""Examples of published reports, as the API's document shows them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from interface.api.openapi.oversight_examples import PUBLIC_FIGURES

_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
EDITION: Mapping[str, Any] = {
    "name": "2026-Q4",
    "edition": 2,
    "published_at": "2027-01-14T02:00:00Z",
    "position": 481516,
    "sha256": _SHA256,
    "reason": "Eleven cases of an import were counted twice.",
    "corrects": 1,
}
EDITIONS: Mapping[str, Any] = {"items": [EDITION], "next": None}
PUBLISHED: Mapping[str, Any] = {
    "manifest": {
        **EDITION,
        "period": "2026-Q4",
        "by": "none",
        "platform": None,
        "definitions": {"admitted": 1},
        "definitions_sha256": _SHA256,
        "code_version": version("redress"),
        "checkpoint": None,
        "log_size": None,
        "commitment": _SHA256,
        "differences": [
            {
                "group": "all",
                "figure": "admitted",
                "number": "denominator",
                "before": 190,
                "after": 180,
            }
        ],
    },
    "report": PUBLIC_FIGURES,
}
