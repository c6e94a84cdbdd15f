"""What a correction of imported history changes in the figures of its case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from application.record.envelope import Precision
from domain.imports.correctable import EXTRA, known_time
from domain.imports.events import Corrected, Correction
from domain.money import Money
from projections.figures.case_figures import Figures

_COLUMNS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("filed", "category"): ("category",),
    ("filed", "channel"): ("channel",),
    ("filed", "reason"): ("reason",),
    ("refused", "ground"): ("refused_on",),
    ("seller-responded", "position"): ("position",),
    ("ruled", "liability"): ("liability", "ruled_liability"),
    ("appeal-decided", "liability"): ("liability",),
    ("closed", "claim"): ("claim",),
    ("closed", "outcome"): ("outcome",),
}
_TIMES: Mapping[str, tuple[str, ...]] = {
    "admitted": ("admitted_at", "admission_at"),
    "refused": ("admission_at",),
    "seller-responded": ("answered_at", "agreed_at"),
    "escalated": ("escalated_at",),
    "ruled": ("ruled_at",),
    "appeal-filed": ("appealed_at", "seller_appealed_at"),
    "appeal-decided": ("appeal_decided_at",),
    "closed": ("closed_at",),
}


def corrected(before: Figures, event: Corrected) -> dict[str, Any]:
    """Return what a correction changes: columns that hold what it corrects.

    A column that a later event has set meanwhile tells of that one, and stays.
    """
    found = {one.field: one for one in event.corrections}
    changed: dict[str, Any] = {}
    for one in event.corrections:
        for column in _COLUMNS.get((event.kind, one.field), ()):
            if getattr(before, column) == one.recorded:
                changed[column] = one.stated
    if event.kind == "filed":
        changed |= _amounts(before, found) | _extra(before, found)
    if "at" in found or "precision" in found:
        changed |= _times(before, event.kind, found)
    return changed


def _times(
    before: Figures, kind: str, found: Mapping[str, Correction]
) -> dict[str, datetime | None]:
    """Return the times that change. A correction of either has both with it."""
    at, exact = found["at"], found["precision"]
    was = None
    if exact.recorded != Precision.NOT_BEFORE and isinstance(at.recorded, str):
        was = datetime.fromisoformat(at.recorded)
    stated = str(exact.stated) if exact.stated else None
    now = known_time(at, stated)
    columns = _TIMES.get(kind, ())
    return {one: now for one in columns if getattr(before, one) == was}


def _extra(before: Figures, found: Mapping[str, Correction]) -> dict[str, str | None]:
    """Return the free fields of the case, if some of them change."""
    stated = {
        name.removeprefix(EXTRA): one.stated
        for name, one in found.items()
        if name.startswith(EXTRA)
    }
    if not stated:
        return {}
    fields = (msgspec.json.decode(before.extra) if before.extra else {}) | stated
    kept = {name: value for name, value in fields.items() if value is not None}
    text = msgspec.json.encode(kept, order="sorted").decode() if kept else None
    return {"extra": text}


def _amounts(before: Figures, found: Mapping[str, Correction]) -> dict[str, Any]:
    """Return what is claimed, and in which currency the case is counted."""
    changed: dict[str, Any] = {}
    if claim := found.get("claim.amount"):
        amount = claim.stated
        changed["claimed"] = amount.amount if isinstance(amount, Money) else None
    # What was agreed or ruled keeps its currency, which is the claim's.
    if before.awarded is None:
        for name in ("paid", "claim.amount"):
            if name in found and isinstance(stated := found[name].stated, Money):
                changed["currency"] = stated.currency
    return changed
