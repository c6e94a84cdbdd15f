"""Decisions as their parties read them: what follows, and why, point by point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from application.cases.ruling_text import rule_words
from application.texts import say
from domain.case.context import Context
from domain.ruling.reasons import RuleCited
from interface.api.actions.action_words import code_words
from interface.api.responses.case import CaseShown
from interface.api.responses.part_words import terms_words
from projections.case_view.decisions import AppealShown
from projections.case_view.shown_values import ReasonShown, TermsShown


class ReasonLine(Struct, frozen=True, kw_only=True):
    """One step of the reasoning; `rule_href` leads to the rule, where it is known."""

    issue: str
    finding: str
    relied: tuple[str, ...]
    aside: tuple[str, ...]
    rule: str
    rule_href: str
    burden: str


class DecisionLines(Struct, frozen=True, kw_only=True):
    """A decision in words. `liability` is "" where an earlier one stands."""

    liability: str
    remedies: tuple[str, ...]
    reasons: tuple[ReasonLine, ...]


class DecisionWords(Struct, frozen=True):
    """What decisions of a case are put into words with."""

    told: CaseShown
    context: Context
    language: str

    def ruling(self) -> DecisionLines | None:
        """Return the ruling in words, if there is one."""
        ruling = self.told.ruling
        if ruling is None:
            return None
        return self._lines(ruling.liability, ruling.remedies, ruling.reasons)

    def appeal(self, appeal: AppealShown) -> DecisionLines:
        """Return what was decided on an appeal."""
        return self._lines(appeal.liability, appeal.remedies, appeal.reasons)

    def _lines(
        self,
        liability: str | None,
        remedies: Iterable[TermsShown],
        reasons: Iterable[ReasonShown],
    ) -> DecisionLines:
        codes = self.context.codes
        return DecisionLines(
            liability=code_words("liability", liability, codes, self.language)
            or liability
            if liability
            else "",
            remedies=tuple(
                terms_words(one, self.context, self.language) for one in remedies
            ),
            reasons=tuple(map(self._reason, reasons)),
        )

    def _reason(self, reason: ReasonShown) -> ReasonLine:
        known = {one.id: one for one in self.context.rules.regulations}
        cited = reason.rule
        rule = RuleCited(
            id=cited["id"], version=cited["version"], article=cited.get("article", "")
        )
        place = f"{rule.id}/{rule.version}"
        burden = ""
        if reason.burden is not None:
            party = say("parties", reason.burden, self.language)
            burden = say("reasons", "burden", self.language, party=party)
        return ReasonLine(
            issue=reason.issue,
            finding=reason.finding,
            relied=tuple(self._exhibits(reason.relied_on)),
            aside=tuple(self._exhibits(reason.set_aside)),
            rule=rule_words(rule, known, self.language),
            rule_href=f"/rules/{place}#article-{rule.article}"
            if place in known
            else "",
            burden=burden,
        )

    def _exhibits(self, numbers: Iterable[int]) -> Iterator[str]:
        there = {one.number: one for one in self.told.evidence}
        for number in numbers:
            if number in there:
                one = there[number]
                kind = code_words("kind", one.kind, self.context.codes, self.language)
                by = say("parties", one.by, self.language)
                said = {"n": str(number), "kind": kind or one.kind, "by": by}
                yield say("reasons", "exhibit", self.language, **said)
