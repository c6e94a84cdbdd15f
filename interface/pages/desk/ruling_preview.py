"""What a decision will say, while it is written: the words of the recorded one.

The text is made by what makes that of decisions; where something is not written yet, it
says so.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from application.cases.ruling_text import Wording, in_words
from application.record.envelope import Recorded
from application.texts import LANGUAGES, say
from domain.appeal.events import AppealDecided, AppealResult
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.evidence.events import EvidenceHandedIn, EvidenceSubmitted
from domain.line_total import second_person_on_line
from domain.money import Money, parse
from domain.policy.codes import Codes
from domain.roles import Party
from domain.ruling.decide import over_four_eyes
from domain.ruling.events import RulingDrafted
from domain.ruling.reasons import Automation, Reason, RuleCited
from domain.terms import Terms
from interface.pages.desk.ruling_form import (
    ASIDE,
    RELIED,
    ReasonRow,
    RemedyRow,
    RulingForm,
    cited_rule,
)
from interface.pages.forms.typed_amount import plain_amount
from interface.pages.page_texts import page_words


class RulingSum(Struct, frozen=True, kw_only=True):
    """All money of a decision, and the amount above which it takes a second person."""

    total: Money | None
    limit: str


class PreviewTerms(Struct, frozen=True, kw_only=True):
    """What a preview is made with; `on_appeal`: it decides an appeal."""

    wording: Wording
    currency: str
    on_appeal: bool


def previewed(form: RulingForm, terms: PreviewTerms) -> Mapping[str, tuple[str, ...]]:
    """Return the paragraphs of the decision in each language."""
    return {language: _paragraphs(form, terms, language) for language in LANGUAGES}


def gap(language: str) -> str:
    """Return what stands where something is not written yet."""
    return page_words("ruling.gap", language)


def exhibits(events: tuple[Recorded, ...]) -> dict[int, EvidenceSubmitted]:
    """Return the evidence of opened events that a decision may name, by number."""
    submitted = {
        one.event.number: one.event
        for one in events
        if isinstance(one.event, EvidenceSubmitted)
    }
    handed_in = {
        one.event.number for one in events if isinstance(one.event, EvidenceHandedIn)
    }
    return {
        number: one
        for number, one in submitted.items()
        if not one.draft or number in handed_in
    }


def granted(form: RulingForm, codes: Codes, currency: str) -> tuple[Terms, ...]:
    """Return the remedies of a form whose kind is chosen; a bad amount is left out."""
    return tuple(
        _terms(one, codes, currency)
        for one in form.remedies
        if one.kind in codes.remedies
    )


def summed(
    remedies: tuple[Terms, ...], dispute: Dispute, context: Context
) -> RulingSum:
    """Return what is granted together, and whether that takes a second person."""
    amounts = [one.amount for one in remedies if one.amount]
    total = (
        Money(sum(one.amount for one in amounts), amounts[0].currency)
        if amounts
        else None
    )
    limit = over_four_eyes(remedies, context) or second_person_on_line(
        remedies, dispute.paid, context
    )
    return RulingSum(total=total, limit=limit)


def _paragraphs(
    form: RulingForm, terms: PreviewTerms, language: str
) -> tuple[str, ...]:
    missing = gap(language)
    decision = _decision(form, terms, missing)
    text = in_words(decision, terms.wording)[language]
    # A rule that is not chosen yet has no name: its sentence says that it is missing.
    unnamed = say("reasons", "rule", language, id=missing, version=missing)
    text = text.replace(unnamed, page_words("ruling.gap-rule", language))
    if terms.on_appeal and not form.has_result:
        stands = say("reasons", AppealResult.UPHELD, language)
        text = text.replace(stands, page_words("ruling.gap-result", language))
    lines = [line for line in text.split("\n") if line]
    if any(_lacks_freight(one, terms.wording.codes) for one in decision.remedies):
        lines.append(page_words("ruling.gap-freight", language))
    return tuple(lines)


def _lacks_freight(terms: Terms, codes: Codes) -> bool:
    return codes.remedies[terms.kind].freight and terms.freight is None


def _decision(
    form: RulingForm, terms: PreviewTerms, missing: str
) -> RulingDrafted | AppealDecided:
    reasons = tuple(_reason(one, missing) for one in form.reasons)
    remedies = granted(form, terms.wording.codes, terms.currency)
    liability = form.liability or missing
    if not terms.on_appeal:
        return RulingDrafted(
            by="",
            liability=liability,
            remedies=remedies,
            reasons=reasons,
            automation=_automation(form.automation),
            model=form.model or missing,
        )
    # One that is not chosen yet is taken for one, and said to be missing.
    result = AppealResult(form.result) if form.has_result else AppealResult.UPHELD
    varied = result is AppealResult.VARIED
    return AppealDecided(
        result=result,
        reasons=reasons,
        liability=liability if varied else None,
        remedies=remedies if varied else (),
    )


def _reason(row: ReasonRow, missing: str) -> Reason:
    name, version, article = cited_rule(row.cites)
    rule = (
        RuleCited(id=name, version=version, article=article)
        if name
        else RuleCited(id=missing, version=missing)
    )
    return Reason(
        issue=row.issue.strip() or missing,
        finding=row.finding.strip() or missing,
        rule=rule,
        relied_on=_with(row, RELIED),
        set_aside=_with(row, ASIDE),
        burden=Party(row.burden) if row.burden in {"buyer", "seller"} else None,
    )


def _with(row: ReasonRow, use: str) -> tuple[int, ...]:
    return tuple(number for number, its in sorted(row.evidence.items()) if its == use)


def _terms(row: RemedyRow, codes: Codes, currency: str) -> Terms:
    code = codes.remedies[row.kind]
    try:
        typed = plain_amount(row.amount, currency)
        amount = parse(typed, currency) if code.amount else None
    except ValueError:
        amount = None
    freight = row.freight if code.freight else ""
    bearer = Party(freight) if freight in {"buyer", "seller"} else None
    return Terms(kind=row.kind, amount=amount, freight=bearer)


def _automation(code: str) -> Automation:
    return Automation(code) if code in set(Automation) else Automation.NONE
