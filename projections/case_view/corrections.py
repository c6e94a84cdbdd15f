"""Corrections of imported history, in the view of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from application.record.envelope import Recorded
from domain.imports.correctable import claim_after
from domain.imports.events import Corrected
from domain.money import Money, parse
from domain.terms import Terms
from projections.case_view.notices import NoticesView
from projections.case_view.shown_values import (
    MoneyShown,
    Shown,
    shown_money,
    shown_terms,
)


class CorrectionShown(Shown, frozen=True, kw_only=True):
    """What a field of an event was recorded as, and what the source states now.

    `version` and `kind` are the event's; `at`: when it was learnt.
    """

    version: int
    kind: str
    field: str
    recorded: str | MoneyShown | None = None
    stated: str | MoneyShown | None = None
    at: datetime


class CorrectionsView(NoticesView, frozen=True, kw_only=True):
    """A case with what a later export of its source has corrected."""

    corrections: tuple[CorrectionShown, ...] = ()


def changes(
    view: CorrectionsView, event: Corrected, recorded: Recorded
) -> dict[str, Any]:
    """Return the fields that a correction changes."""
    shown = (
        CorrectionShown(
            version=event.corrects,
            kind=event.kind,
            field=one.field,
            recorded=_value(one.recorded),
            stated=_value(one.stated),
            at=recorded.at,
        )
        for one in event.corrections
    )
    listed = {"corrections": (*view.corrections, *shown)}
    if event.kind == "filed":
        return listed | _filed(view, event)
    if event.kind == "closed":
        return listed | _closed(view, event)
    return listed


def _filed(view: CorrectionsView, event: Corrected) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for one in event.corrections:
        if one.field in {"category", "channel", "reason"}:
            changed[one.field] = one.stated
        elif one.field == "paid":
            changed["order"] = replace(view.order, paid=_money(one.stated))
        elif one.field == "stated" and view.imported is not None:
            changed["imported"] = view.imported | {"stated": str(one.stated or "")}
    claim = claim_after(_terms(view), event)
    return changed | {"claim": shown_terms(claim)}


def _closed(view: CorrectionsView, event: Corrected) -> dict[str, Any]:
    """Change how the case is closed, if it still is as the corrected event says."""
    names = {"claim": "claim_result", "outcome": "outcome", "at": "closed_at"}
    changed: dict[str, Any] = {}
    for one in event.corrections:
        name = names.get(one.field)
        if name == "closed_at" and view.closed_at is not None:
            if view.closed_at == datetime.fromisoformat(str(one.recorded)):
                changed[name] = datetime.fromisoformat(str(one.stated))
        elif name is not None and getattr(view, name) == one.recorded:
            changed[name] = one.stated
        elif one.field == "precision" and view.closed_precision is not None:
            changed["closed_precision"] = one.stated
    return changed


def _terms(view: CorrectionsView) -> Terms | None:
    shown = view.claim
    if shown is None:
        return None
    amount = shown.amount
    read = parse(amount.amount, amount.currency) if amount else None
    return Terms(kind=shown.kind, amount=read, freight=shown.freight)


def _value(value: str | Money | None) -> str | MoneyShown | None:
    return _money(value) if isinstance(value, Money) else value


def _money(value: str | Money | None) -> MoneyShown | None:
    return shown_money(value) if isinstance(value, Money) else None
