"""What the fields of rulings and decisions on appeal may hold now."""

from __future__ import annotations

from collections.abc import Mapping

from domain.appeal.commands import DecideAppeal
from domain.appeal.events import AppealResult
from domain.case.actions import Action
from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.evidence.decide import evidence
from domain.money import Money
from domain.ruling.commands import DraftRuling, Rule
from domain.ruling.reasons import Automation
from interface.api.actions.hints import Hints, codes, only_when, some, terms, when
from interface.api.actions.party_hints import Asks

VARIED = (AppealResult.VARIED,)


def _ruling(action: Action, dispute: Dispute, context: Context) -> Hints:
    reviewed = dispute.automation is Automation.AUTOMATED
    levels = [
        one for one in Automation if not (reviewed and one is Automation.AUTOMATED)
    ]
    alone = action.command is Rule
    return {
        "liability": codes(context.codes.liabilities),
        **_remedies(dispute, context, alone=alone),
        **_reasons(dispute),
        "automation": codes(levels),
        "model": when(automation=(one for one in levels if one is not Automation.NONE)),
    }


def _on_appeal(_: Action, dispute: Dispute, context: Context) -> Hints:
    results = (one for one in AppealResult if one not in VARIED or not dispute.refused)
    granted = _remedies(dispute, context, alone=False)
    return {
        "result": codes(results),
        "liability": {**codes(context.codes.liabilities), **only_when(result=VARIED)},
        **granted,
        "remedies": {**granted["remedies"], **only_when(result=VARIED)},
        **_reasons(dispute),
    }


def _remedies(dispute: Dispute, context: Context, *, alone: bool) -> Hints:
    most = _grantable(dispute, context, alone=alone)
    kinds = context.codes.remedies
    total = {} if most is None else {"max": str(most), "currency": most.currency}
    return {
        "remedies": {**some(), **total},
        **terms("remedies", kinds, most, context, ruled=True),
    }


def _grantable(dispute: Dispute, context: Context, *, alone: bool) -> Money | None:
    """Return the most that can be granted: the claim, or what one person may grant."""
    claimed = (dispute.claim.amount if dispute.claim else None) or dispute.paid
    if claimed is None or not alone:
        return claimed
    limit = context.rules.policy.four_eyes.get(claimed.currency, claimed.amount)
    return Money(min(limit, claimed.amount), claimed.currency)


def _reasons(dispute: Dispute) -> Hints:
    items = evidence(dispute)
    return {
        "reasons": some(),
        "reasons.relied_on": codes(one.number for one in items if not one.is_excluded),
        "reasons.set_aside": codes(one.number for one in items),
    }


DECISIONS: Mapping[type[Command], Asks] = {
    Rule: _ruling,
    DraftRuling: _ruling,
    DecideAppeal: _on_appeal,
}
