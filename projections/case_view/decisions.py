"""Mediators, drafts, rulings, reviews and appeals, in the view of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, assert_never

from msgspec import field
from msgspec.structs import replace

from application.record.envelope import Recorded
from domain.appeal.events import (
    AppealDecided,
    AppealEvent,
    AppealFiled,
    AppealGround,
    AppealRefused,
    AppealResult,
)
from domain.mediators.events import (
    CaseTagged,
    MediatorAssigned,
    MediatorEvent,
    MediatorRecused,
    NoteAdded,
)
from domain.roles import Party
from domain.ruling.events import HumanReviewRequested, Ruled, RulingDrafted, RulingEvent
from domain.ruling.reasons import Automation
from projections.case_view import desk
from projections.case_view.desk import DeskView
from projections.case_view.filing import NOT_CLOSED
from projections.case_view.shown_values import (
    ReasonShown,
    Shown,
    TermsShown,
    reasons_shown,
    terms_shown,
)

AppealState = Literal["pending", "refused", "upheld", "varied", "set-aside"]


class RulingShown(Shown, frozen=True, kw_only=True):
    """The ruling, and by what means; `text` is its reasons in words, zh and en."""

    liability: str
    remedies: tuple[TermsShown, ...]
    reasons: tuple[ReasonShown, ...]
    automation: Automation
    at: datetime
    model: str | None = None
    text: dict[str, str] = field(default_factory=dict)


class DraftShown(Shown, frozen=True, kw_only=True):
    """A ruling that another person still has to issue."""

    by: str
    liability: str
    remedies: tuple[TermsShown, ...]
    reasons: tuple[ReasonShown, ...]
    at: datetime


class ReviewShown(Shown, frozen=True, kw_only=True):
    """A party's request that a human decide again."""

    by: Party
    statement: str | None
    at: datetime


class AppealShown(Shown, frozen=True, kw_only=True):
    """An appeal, and what became of it."""

    by: Party
    ground: AppealGround
    statement: str
    at: datetime
    state: AppealState = "pending"
    decided_at: datetime | None = None
    explanation: str | None = None
    liability: str | None = None
    text: dict[str, str] | None = None
    remedies: tuple[TermsShown, ...] = ()
    reasons: tuple[ReasonShown, ...] = ()


class DecisionView(DeskView, frozen=True, kw_only=True):
    """A case with its decisions added.

    `ruled_in` and `appeals_decided_in` are the versions of the events that decided, by
    which the words of a decision are found; None where nobody has decided.
    """

    recused: tuple[str, ...] = ()
    draft: DraftShown | None = None
    ruling: RulingShown | None = None
    ruled_in: int | None = None
    decided_by: str | None = None
    approved_by: str | None = None
    review: ReviewShown | None = None
    appeals: tuple[AppealShown, ...] = ()
    appeals_decided_in: tuple[int | None, ...] = ()


def changes(
    view: DecisionView,
    event: RulingEvent | AppealEvent | MediatorEvent,
    recorded: Recorded,
) -> dict[str, Any]:
    """Return the fields that the event changes."""
    match event:
        case RulingDrafted():
            return {"draft": _draft(event, recorded)}
        case Ruled():
            return _ruled(event, recorded)
        case HumanReviewRequested(by=by, statement=said):
            review = ReviewShown(by=by, statement=said, at=recorded.at)
            return {"review": review} | NOT_CLOSED
        case AppealFiled(by=by, ground=ground, statement=said):
            appeal = AppealShown(by=by, ground=ground, statement=said, at=recorded.at)
            return {
                "appeals": (*view.appeals, appeal),
                "appeals_decided_in": (*view.appeals_decided_in, None),
            }
        case AppealRefused(by=by, explanation=explanation):
            refused = {"state": "refused", "explanation": explanation}
            return {"appeals": _ended(view, recorded, refused, of=(by,))}
        case AppealDecided():
            return _decided(view, event, recorded)
        case MediatorRecused(mediator=mediator):
            # A draft of a person in conflict cannot be issued any more.
            own = view.draft is not None and view.draft.by == mediator
            recused = {"recused": (*view.recused, mediator)}
            return recused | ({"draft": None} if own else {})
        case NoteAdded() | CaseTagged() | MediatorAssigned():
            return desk.changes(view, event, recorded)
        case _:
            assert_never(event)


def _draft(event: RulingDrafted, recorded: Recorded) -> DraftShown:
    return DraftShown(
        by=event.by,
        liability=event.liability,
        remedies=terms_shown(event.remedies),
        reasons=reasons_shown(event.reasons),
        at=recorded.at,
    )


def _ruled(event: Ruled, recorded: Recorded) -> dict[str, Any]:
    ruling = RulingShown(
        liability=event.liability,
        remedies=terms_shown(event.remedies),
        reasons=reasons_shown(event.reasons),
        automation=event.automation,
        model=event.model,
        at=recorded.at,
    )
    return {
        "ruling": ruling,
        "ruled_in": recorded.version,
        "decided_by": event.decided_by or recorded.actor.id,
        "approved_by": event.approved_by,
        "draft": None,
    }


def _decided(
    view: DecisionView, event: AppealDecided, recorded: Recorded
) -> dict[str, Any]:
    """End the appeals; a case whose decision changed is not closed any more."""
    over: dict[str, Any] = {
        "liability": event.liability,
        "state": str(event.result),
        "remedies": terms_shown(event.remedies),
        "reasons": reasons_shown(event.reasons),
    }
    decided_in = (
        recorded.version if one.state == "pending" else version
        for one, version in zip(view.appeals, view.appeals_decided_in, strict=True)
    )
    ended = {
        "appeals": _ended(view, recorded, over),
        "appeals_decided_in": tuple(decided_in),
    }
    return ended | ({} if event.result is AppealResult.UPHELD else NOT_CLOSED)


def _ended(
    view: DecisionView,
    recorded: Recorded,
    over: dict[str, Any],
    of: tuple[Party, ...] = (Party.BUYER, Party.SELLER),
) -> tuple[AppealShown, ...]:
    """End the pending appeals of some parties: one decision answers both sides."""
    return tuple(
        replace(one, decided_at=recorded.at, **over)
        if one.state == "pending" and one.by in of
        else one
        for one in view.appeals
    )
