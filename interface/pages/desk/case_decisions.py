"""The decisions of a case, for its page: a draft in words, what an appeal changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from application.bundle.decision_texts import decision_texts
from application.record.envelope import Recorded
from domain.case.context import Context
from domain.policy.regulation import Regulation
from interface.api.request_context import RequestContext
from interface.api.responses.case import StaffCase
from interface.api.responses.part_words import terms_words
from projections.case_view.decisions import AppealShown
from projections.case_view.shown_values import TermsShown

Change = tuple[str, str, str]


def decision_parts(
    told: StaffCase,
    events: Sequence[Recorded],
    rules: Context,
    context: RequestContext,
) -> dict[str, Any]:
    """Return what the template shows of decisions; `events` are opened ones."""
    language, books = context.language, context.system.rulebooks
    drafted = [
        {"zh": one.zh, "en": one.en}
        for one in decision_texts(events, books)
        if one.type == "ruling-drafted"
    ]
    return {
        # A draft that was issued, or whose writer was recused, is none any more.
        "draft_text": drafted[-1] if told.draft is not None and drafted else None,
        "appeal_changes": _changes(told, rules, language),
        "burden_rule": _burden_rule(told, books.regulations.known, language),
    }


def _changes(
    told: StaffCase, rules: Context, language: str
) -> Callable[[AppealShown], tuple[Change, ...]]:
    """Return what says of a decided appeal what it changed: what, before, after."""

    def changes(appeal: AppealShown) -> tuple[Change, ...]:
        ruling = told.ruling
        if ruling is None or appeal.state != "varied":
            return ()
        return tuple(_differing(ruling.liability, ruling.remedies, appeal))

    def _differing(
        liability: str, remedies: tuple[TermsShown, ...], appeal: AppealShown
    ) -> Iterator[Change]:
        if appeal.liability and appeal.liability != liability:
            before, after = (
                getattr(rules.codes.liabilities[one], language)
                for one in (liability, appeal.liability)
            )
            yield "liability", before, after
        if appeal.remedies != remedies:
            before, after = (
                "; ".join(terms_words(one, rules, language) for one in some)
                for some in (remedies, appeal.remedies)
            )
            yield "remedies", before, after

    return changes


def _burden_rule(
    told: StaffCase, known: Mapping[str, Regulation], language: str
) -> str:
    """Return the rule by which a side has to prove first, as a decision names it."""
    if told.burden is None:
        return ""
    rule = told.burden.rule
    regulation = known.get(f"{rule['id']}/{rule['version']}")
    name = rule.get("article", "")
    if regulation is None or name not in regulation.articles:
        return " ".join(rule.values())
    article = regulation.articles[name]
    named = (regulation.title, article.number, article.title)
    return " ".join(str(getattr(one, language)) for one in named)
