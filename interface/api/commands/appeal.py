"""Appeals and the decisions on them, as clients send them."""

from __future__ import annotations

from domain.appeal.commands import Appeal, DecideAppeal, RefuseAppeal
from domain.appeal.events import AppealGround, AppealResult
from domain.case.actions import Action
from domain.case.context import Context
from domain.case.dispute import Dispute
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import (
    REASON_EXAMPLE,
    Body,
    Code,
    Reasons,
    Remedies,
    Text,
)
from interface.api.commands.hints import Hints, codes, only_when
from interface.api.commands.ruling import reasons_hints, remedies_hints

VARIED = (AppealResult.VARIED,)


class AppealBody(Body, frozen=True, kw_only=True):
    """Appeal, with new evidence or a stated error."""

    ground: AppealGround
    statement: Text


class AppealRefusalBody(Body, frozen=True, kw_only=True):
    """Do not take an appeal."""

    explanation: Text


class AppealDecisionBody(Body, frozen=True, kw_only=True):
    """Uphold, vary (with liability and remedies) or set aside."""

    result: AppealResult
    reasons: Reasons
    liability: Code | None = None
    remedies: Remedies = ()


def _decision(_: Action, dispute: Dispute, context: Context) -> Hints:
    results = (one for one in AppealResult if one not in VARIED or not dispute.refused)
    # Not `alone`: the four-eyes rule does not bind it, as another person ruled before.
    granted = remedies_hints(dispute, context, alone=False)
    return {
        "result": codes(results),
        "liability": {**codes(context.codes.liabilities), **only_when(result=VARIED)},
        **granted,
        "remedies": {**granted["remedies"], **only_when(result=VARIED)},
        **reasons_hints(dispute, context),
    }


ROUTES = (
    CommandRoute(
        command=Appeal,
        path="appeal",
        operation="appealRuling",
        tag="parties",
        summary="Appeal",
        about="Appeal once, in time, with new evidence or a stated error.",
        body=AppealBody,
        examples=(
            (
                "Appeal",
                {"ground": "error", "statement": "The photo shows another kettle."},
            ),
        ),
    ),
    CommandRoute(
        command=RefuseAppeal,
        path="appeal/refusal",
        operation="refuseAppeal",
        tag="staff",
        summary="Refuse an appeal",
        about="Do not take an appeal that names neither new evidence nor an error.",
        body=AppealRefusalBody,
        examples=(
            ("Refuse an appeal", {"explanation": "It repeats what was decided."}),
        ),
    ),
    CommandRoute(
        command=DecideAppeal,
        path="appeal/decision",
        operation="decideAppeal",
        tag="staff",
        summary="Decide the appeal",
        about="Uphold, vary or set aside; who decided first may not.",
        body=AppealDecisionBody,
        examples=(
            ("Decide the appeal", {"result": "upheld", "reasons": [REASON_EXAMPLE]}),
        ),
        hints=_decision,
    ),
)
