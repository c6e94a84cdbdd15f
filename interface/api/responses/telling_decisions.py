"""Tells drafts, appeals, recusal and referral from the facts of a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from application.record.envelope import Recorded
from domain.admission.events import ReferredToAuthority
from domain.appeal.events import AppealDecided, AppealFiled, AppealRefused, AppealResult
from domain.assignment.events import MediatorRecused
from domain.ruling.events import Ruled, RulingDrafted
from domain.ruling.reasons import Reason
from domain.terms import Terms
from interface.api.responses.case_course import AppealShown, DraftShown
from interface.api.responses.case_parts import ReasonShown, TermsShown, shown_terms

NOT_CLOSED = dict.fromkeys(("closed_at", "closed_precision", "outcome", "claim_result"))
"""What a case that goes on after its end takes back."""


def decisions(case: dict[str, Any], fact: Recorded) -> dict[str, Any]:
    """Return the fields that a fact changes."""
    match fact.event:
        case RulingDrafted() as draft:
            return {"draft": _draft(draft, fact)}
        case Ruled():
            return {"draft": None}
        case AppealFiled(by=by, ground=ground, statement=statement):
            appeal = AppealShown(by=by, ground=ground, statement=statement, at=fact.at)
            return {"appeals": (*case.get("appeals", ()), appeal)}
        case AppealRefused(explanation=explanation):
            refused = {"state": "refused", "explanation": explanation}
            return _over(case, fact, refused)
        case AppealDecided() as decided:
            over: dict[str, Any] = {
                "liability": decided.liability,
                "state": str(decided.result),
                "remedies": terms_shown(decided.remedies),
                "reasons": reasons_shown(decided.reasons),
            }
            again = {} if decided.result is AppealResult.UPHELD else NOT_CLOSED
            return _over(case, fact, over) | again
        case ReferredToAuthority() as referred:
            where, why = referred.authority, referred.cause
            shown = {"authority": where, "cause": why, "note": referred.note}
            return {"referral": shown | {"at": fact.at}}
        case MediatorRecused(mediator=mediator):
            recused = {"recused": (*case.get("recused", ()), mediator)}
            prepared: DraftShown | None = case.get("draft")
            own = prepared is not None and prepared.by == mediator
            return recused | ({"draft": None} if own else {})
        case _:
            return {}


def _draft(draft: RulingDrafted, fact: Recorded) -> DraftShown:
    return DraftShown(
        by=draft.by,
        liability=draft.liability,
        remedies=terms_shown(draft.remedies),
        reasons=reasons_shown(draft.reasons),
        at=fact.at,
    )


def _over(case: dict[str, Any], fact: Recorded, over: dict[str, Any]) -> dict[str, Any]:
    """End every appeal that is pending: one decision answers both sides."""
    return {
        "appeals": tuple(
            replace(one, decided_at=fact.at, **over) if one.state == "pending" else one
            for one in case.get("appeals", ())
        )
    }


def terms_shown(terms: Iterable[Terms]) -> tuple[TermsShown, ...]:
    """Return remedies as clients are shown them."""
    shown = (shown_terms(one) for one in terms)
    return tuple(one for one in shown if one is not None)


def reasons_shown(reasons: Iterable[Reason]) -> tuple[ReasonShown, ...]:
    """Return reasons as clients are shown them."""
    return tuple(map(_reason, reasons))


def _reason(reason: Reason) -> ReasonShown:
    rule = {"id": reason.rule.id, "version": reason.rule.version}
    if reason.rule.article:
        rule["article"] = reason.rule.article
    return ReasonShown(
        issue=reason.issue,
        finding=reason.finding,
        rule=rule,
        relied_on=reason.relied_on,
        set_aside=reason.set_aside,
        burden=reason.burden,
    )
