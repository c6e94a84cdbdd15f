"""What was known of a case at a moment, point by point, so that two can be compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal, cast

from msgspec import Struct

from application.cases.case import Case
from application.cases.readable_values import second_in_words
from application.texts import say
from domain.roles import Party
from interface.api.actions.action_words import code_words
from interface.api.presentation import shown
from interface.api.request_context import RequestContext
from interface.api.responses.case import StaffCase
from interface.api.responses.part_words import terms_words
from interface.pages.page_texts import BETWEEN, page_words
from projections.case_view.decisions import AppealShown

Change = Literal["changed", "new", "gone", "same"]


class KnownPoint(Struct, frozen=True):
    """A point of a case by its name in the texts, and what was known of it."""

    name: str
    said: str


class PointCompared(Struct, frozen=True, kw_only=True):
    """A point at two moments, and whether it differs."""

    name: str
    before: str
    after: str

    @property
    def change(self) -> Change:
        """Say how the second moment differs from the first."""
        if self.before == self.after:
            return "same"
        if not self.before:
            return "new"
        return "changed" if self.after else "gone"


def known_points(context: RequestContext, case: Case) -> tuple[KnownPoint, ...]:
    """Return every point of a case as it was; "" where there was nothing to know."""
    if not case.events:
        return ()
    told = shown(context.system, case, context.viewer, context.lines)
    points = _Points(context, case, cast("StaffCase", told))
    return tuple(KnownPoint(name, said) for name, said in points.all())


def compared(
    before: tuple[KnownPoint, ...], after: tuple[KnownPoint, ...]
) -> tuple[PointCompared, ...]:
    """Return the points of two moments beside each other, in their order."""
    earlier = {one.name: one.said for one in before}
    return tuple(
        PointCompared(name=one.name, before=earlier.get(one.name, ""), after=one.said)
        for one in after
        if one.said or earlier.get(one.name)
    )


class _Points:
    def __init__(self, context: RequestContext, case: Case, told: StaffCase) -> None:
        self._context, self._case, self._told = context, case, told
        self._language = context.language
        self._rules = context.system.disputes.context(case, context.actor)

    def all(self) -> Iterator[tuple[str, str]]:
        told = self._told
        yield "phase", told.words["phase"]
        yield from self._waiting()
        yield "claim", told.words.get("claim", "")
        yield "response", self._response()
        yield "offers", self._joined(one.words for one in told.offers)
        yield "evidence", self._evidence()
        yield "burden", self._burden()
        yield "pause", self._pause()
        yield "missed", self._missed()
        yield "ruling", self._ruling()
        yield "reasons", self._text(told.ruling.text if told.ruling else None)
        yield "appeals", self._appeals()
        appealed = (self._text(one.text) for one in told.appeals)
        yield "appeal-reasons", "\n".join(one for one in appealed if one)
        yield "obligations", self._joined(one.words for one in told.obligations)
        yield "outcome", told.words.get("outcome", "")
        yield "assignee", told.assignee or ""
        yield "holds", self._joined(one.basis for one in told.legal_holds)
        yield "policy", told.policy or ""

    def _say(self, code: str, **filling: object) -> str:
        return page_words(f"point.{code}", self._language, **filling)

    def _joined(self, said: Iterable[str]) -> str:
        return BETWEEN[self._language].join(said)

    def _party(self, party: Party) -> str:
        return say("parties", party, self._language)

    def _moment(self, moment: datetime, *, is_limit: bool = False) -> str:
        zone = self._rules.rules.policy.zone
        return second_in_words(
            moment, zone, self._rules.now, self._language, is_limit=is_limit
        )

    def _code(self, name: str, value: str) -> str:
        found = code_words(name, value, self._rules.codes, self._language)
        return str(found or value)

    def _waiting(self) -> Iterator[tuple[str, str]]:
        waiting = self._told.waiting_on
        if waiting is None:
            yield from (("waiting", ""), ("due", ""), ("silence", ""))
            return
        awaited = say("awaited", waiting.awaited, self._language)
        yield "waiting", f"{self._party(waiting.party)} · {awaited}"
        yield "due", self._moment(waiting.due, is_limit=True) if waiting.due else ""
        yield "silence", say("silence", waiting.silence, self._language)

    def _response(self) -> str:
        found = self._told.response
        if found is None:
            return ""
        position = self._code("position", found.position)
        return f"{position} · {self._moment(found.at)}"

    def _evidence(self) -> str:
        files = self._told.evidence
        if not files:
            return ""
        admitted = sum(1 for one in files if one.assessment and one.assessment.admitted)
        assessed = sum(1 for one in files if one.assessment)
        sides = {
            side: sum(1 for one in files if one.by == side)
            for side in (Party.BUYER, Party.SELLER, Party.PLATFORM)
        }
        said = [self._say(f"files-{side}", n=n) for side, n in sides.items() if n]
        if assessed:
            out = assessed - admitted
            said.append(self._say("assessed", admitted=admitted, excluded=out))
        return self._joined(said)

    def _burden(self) -> str:
        found = self._told.burden
        return "" if found is None else self._party(found.party)

    def _pause(self) -> str:
        pauses = self._case.dispute.pauses
        return self._say("paused") if pauses else ""

    def _missed(self) -> str:
        return self._joined(
            f"{self._party(one.party)} · {say('awaited', one.awaited, self._language)}"
            for one in self._case.dispute.missed
        )

    def _ruling(self) -> str:
        found = self._told.ruling
        if found is None:
            return ""
        terms = (
            terms_words(one, self._rules, self._language) for one in found.remedies
        )
        return self._joined([self._code("liability", found.liability), *terms])

    def _text(self, text: Mapping[str, str] | None) -> str:
        """Return a decision in words; "" before there is one."""
        return (text or {}).get(self._language, "")

    def _appeals(self) -> str:
        return self._joined(
            f"{self._party(one.by)} · {self._code('ground', one.ground)} ·"
            f" {self._say(f'appeal-{one.state}')}{self._instead(one)}"
            for one in self._told.appeals
        )

    def _instead(self, appeal: AppealShown) -> str:
        """Say what holds in the ruling's place, where an appeal has changed it."""
        if appeal.liability is None:
            return ""
        terms = (
            terms_words(one, self._rules, self._language) for one in appeal.remedies
        )
        liability = self._code("liability", appeal.liability)
        return f" · {self._joined([liability, *terms])}"
