"""What can be chosen in the form of a decision: rules, remedies, liability."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from msgspec import Struct

from application.texts import say
from domain.appeal.events import AppealResult
from domain.case.context import Context
from domain.case.dispute import Dispute, Phase
from domain.case.lifecycle import LIFECYCLE
from domain.case.lifecycle_row import colleague
from domain.conflicts_of_interest import Relation, relations
from domain.policy.codes import Codes
from domain.roles import Actor, Role
from domain.ruling.commands import Rule
from domain.ruling.reasons import Automation
from interface.api.responses.case import StaffCase
from interface.pages.desk.ruling_form import ReasonRow, RemedyRow, RulingForm
from projections.case_view.shown_values import MoneyShown

WRITTEN_IN = (Phase.EVIDENCE, Phase.RULING)
"""Phases in which a ruling may be written; it can be sent in the latter."""


class RuleChoice(Struct, frozen=True, kw_only=True):
    """An article that a decision may rest on: its choice, its name and its text."""

    value: str
    label: str
    text: str


class RuleGroup(Struct, frozen=True, kw_only=True):
    """A regulation with its articles."""

    title: str
    rules: tuple[RuleChoice, ...]


def may_write(dispute: Dispute, actor: Actor) -> bool:
    """Tell whether somebody may write a decision on a case as it stands."""
    if dispute.phase is not Phase.APPEAL:
        is_his = colleague(LIFECYCLE[Rule], actor, dispute) is None
        return dispute.phase in WRITTEN_IN and is_his
    decided = Relation.DECIDER in relations(actor, dispute)
    return actor.role is Role.SUPERVISOR and not decided


def rule_groups(context: Context, language: str) -> tuple[RuleGroup, ...]:
    """Return the regulations that may be cited in the case, with their articles."""
    return tuple(
        RuleGroup(
            title=getattr(one.title, language),
            rules=tuple(
                RuleChoice(
                    value=f"{one.id}/{name}",
                    label=f"{getattr(article.number, language)}"
                    f" {getattr(article.title, language)}",
                    text=getattr(article.text, language),
                )
                for name, article in one.articles.items()
            ),
        )
        for one in context.citable
    )


def choices(context: Context, dispute: Dispute, language: str) -> dict[str, Any]:
    """Return the choices of a decision's fields as the template takes them."""
    codes = context.codes
    results = [one for one in AppealResult if not (dispute.refused and one == "varied")]
    groups = rule_groups(context, language)
    reviewed = dispute.automation is Automation.AUTOMATED
    return {
        "rules": groups,
        "rule_texts": {one.value: one.text for group in groups for one in group.rules},
        "kinds": _labels(codes, "remedies", language),
        "liabilities": _labels(codes, "liabilities", language),
        "results": [(one, say("appeal_results", one, language)) for one in results],
        "automations": [
            (one, say("automation", one, language))
            for one in Automation
            if not (reviewed and one is Automation.AUTOMATED)
        ],
        "paying": paying_remedies(codes),
        "freighted": [code for code, one in codes.remedies.items() if one.freight],
    }


def paying_remedies(codes: Codes) -> tuple[str, ...]:
    """Return the remedies that grant an amount."""
    return tuple(code for code, one in codes.remedies.items() if one.amount)


def begun_form(
    told: StaffCase, dispute: Dispute, paying: Collection[str]
) -> RulingForm:
    """Return the form before anything is written: it grants what was claimed.

    `paying`: the remedies that have an amount.
    """
    claim, paid = told.claim, dispute.paid
    amount = claim.amount if claim else None
    pays = claim is None or claim.kind in paying
    if not pays:
        amount = None
    elif amount is None and paid is not None:
        amount = MoneyShown.of(paid.amount, paid.currency)
    remedy = RemedyRow(
        kind=claim.kind if claim else "",
        amount=amount.amount if amount else "",
        freight=(claim.freight or "") if claim else "",
    )
    cites = ""
    if told.burden is not None and told.burden.rule.get("article"):
        cites = "/".join(
            told.burden.rule[name] for name in ("id", "version", "article")
        )
    burden = told.burden.party if told.burden is not None else ""
    return RulingForm(
        reasons=(ReasonRow(cites=cites, burden=burden),), remedies=(remedy,)
    )


def _labels(codes: Codes, table: str, language: str) -> list[tuple[str, str]]:
    labels: Mapping[str, Any] = getattr(codes, table)
    return [(code, getattr(one, language)) for code, one in labels.items()]
