"""Puts the structured reasons of a decision into words, in zh and en."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from application.cases.readable_values import amount_in_words
from application.record.envelope import Recorded
from application.texts import as_written, say, written_in
from domain.appeal.events import AppealDecided, AppealResult
from domain.evidence.events import EvidenceSubmitted
from domain.policy.codes import Codes
from domain.policy.regulation import Regulation
from domain.ruling.events import Ruled, RulingDrafted
from domain.ruling.reasons import Automation, Reason, RuleCited
from domain.terms import Terms

STOPS = {"zh": ("；", "。"), "en": ("; ", ".")}  # noqa: RUF001 - Chinese stops
Decision = Ruled | RulingDrafted | AppealDecided

_ENDED = re.compile(r"""[.!?。！？…]["'”’」）)]*$""")  # noqa: RUF001 - Chinese stops


class Wording(Struct, frozen=True, kw_only=True):
    """What a decision is put into words with.

    `exhibits` are those that had been handed in when it was made, by number;
    `regulations` all that decisions may name, by id.
    """

    codes: Codes
    regulations: Mapping[str, Regulation]
    exhibits: Mapping[int, EvidenceSubmitted]


def in_words(decision: Decision, wording: Wording) -> dict[str, str]:
    """Return the text of a decision in both languages.

    For each reason its issue, its finding, the evidence relied on or set aside, the
    rule and the burden of proof; then what became of an appeal, the liability, the
    remedies, and how much of the decision a machine made.
    """
    return {
        language: "\n".join(_lines(decision, wording, language)) for language in STOPS
    }


def _lines(decision: Decision, wording: Wording, language: str) -> Iterator[str]:
    yield from reason_lines(decision, wording, language)
    if isinstance(decision, AppealDecided):
        yield say("reasons", decision.result, language)
    yield from outcome_lines(decision, wording.codes, language)
    yield _made(decision, language)


def reason_lines(decision: Decision, wording: Wording, language: str) -> Iterator[str]:
    """Yield each reason: its issue, finding, evidence, rule and burden of proof."""
    for reason in decision.reasons:
        yield _joined(_step(reason, wording, language), language)


def outcome_lines(decision: Decision, codes: Codes, language: str) -> Iterator[str]:
    """Yield who is liable, and each remedy, in one language."""
    # A decision that leaves the one before it as it was names no liability.
    if decision.liability is not None:
        yield _liability(decision.liability, codes, language)
    for terms in decision.remedies:
        yield _remedy(terms, codes, language)


def standing_outcome(
    events: Iterable[Recorded], decided: Recorded, codes: Codes, language: str
) -> Iterator[str]:
    """Yield liability and remedies that stood on appeal; none after another result."""
    decision = decided.event
    if not isinstance(decision, AppealDecided):
        return
    if decision.result is not AppealResult.UPHELD:
        return
    earlier = [
        one.event
        for one in events
        if isinstance(one.event, Ruled | AppealDecided)
        and one.version < decided.version
        and one.event.liability is not None
    ]
    for last in earlier[-1:]:
        yield from outcome_lines(last, codes, language)


def _joined(sentences: Iterable[str], language: str) -> str:
    """Return one paragraph. Chinese has no space between sentences, English has."""
    said = ""
    for one in sentences:
        foreign = language == "en" or said[-1:].isascii()
        said += f" {one}" if said and foreign else one
    return said


def _step(reason: Reason, wording: Wording, language: str) -> Iterator[str]:
    yield _free("issue", reason.issue, language)
    yield _free("finding", reason.finding, language)
    yield from _evidence(reason, wording, language)
    yield rule_words(reason.rule, wording.regulations, language)
    if reason.burden is not None:
        party = say("parties", reason.burden, language)
        yield say("reasons", "burden", language, party=party)


def _free(name: str, text: str, language: str) -> str:
    """Return what a person wrote, marked where that is in the other language."""
    text = text.strip()
    mark = as_written(text, language)
    if not _ENDED.search(text):
        text += STOPS[written_in(text) or language][1]
    return say("reasons", name, language, text=text, written=mark)


def _evidence(reason: Reason, wording: Wording, language: str) -> Iterator[str]:
    between = STOPS[language][0]
    named = False
    for name, cited in (("relied", reason.relied_on), ("aside", reason.set_aside)):
        listed = _exhibits(cited, wording, language)
        if listed:
            named = True
            yield say("reasons", name, language, evidence=between.join(listed))
    if not named:
        # That nothing is cited does not say that nothing was there.
        said = "uncited" if wording.exhibits else "nothing"
        yield say("reasons", said, language)


def _exhibits(numbers: Sequence[int], wording: Wording, language: str) -> list[str]:
    found = (wording.exhibits[one] for one in numbers if one in wording.exhibits)
    return [_exhibit(one, wording.codes, language) for one in found]


def _exhibit(one: EvidenceSubmitted, codes: Codes, language: str) -> str:
    label = codes.evidence.get(one.kind)
    kind = getattr(label, language) if label else one.kind
    by = say("parties", one.by, language)
    return say("reasons", "exhibit", language, n=str(one.number), kind=kind, by=by)


def rule_words(
    rule: RuleCited, regulations: Mapping[str, Regulation], language: str
) -> str:
    """Name a rule by its title and number; as it was given if it is not known here."""
    known = regulations.get(f"{rule.id}/{rule.version}")
    if known is None or (rule.article and rule.article not in known.articles):
        return _as_given(rule, language)
    title = getattr(known.title, language)
    if not rule.article:
        return say("reasons", "cited-whole", language, title=title)
    article = known.articles[rule.article]
    number, heading = (
        getattr(one, language) for one in (article.number, article.title)
    )
    return say(
        "reasons", "cited", language, title=title, number=number, heading=heading
    )


def _as_given(rule: RuleCited, language: str) -> str:
    """Name a rule by its id: decisions of other systems, or of earlier versions."""
    article = ""
    if rule.article:
        article = say("reasons", "article", language, article=rule.article)
    named = {"id": rule.id, "version": rule.version, "article": article}
    return say("reasons", "rule", language, **named) + STOPS[language][1]


def _liability(liability: str, codes: Codes, language: str) -> str:
    label = codes.liabilities.get(liability)
    words = getattr(label, language) if label else liability
    return say("reasons", "liability", language, liability=words)


def _remedy(terms: Terms, codes: Codes, language: str) -> str:
    label = codes.remedies.get(terms.kind)
    words = getattr(label, language) if label else terms.kind
    if terms.amount is not None:
        words += f" {amount_in_words(terms.amount)}"
    said = say("reasons", "remedy", language, remedy=words)
    if terms.freight is not None:
        party = say("parties", terms.freight, language)
        said += say("reasons", "freight", language, party=party)
    return said + STOPS[language][1]


def _made(decision: Decision, language: str) -> str:
    """Say how much a machine did; an appeal is always decided by a person."""
    if isinstance(decision, AppealDecided):
        return say("reasons", Automation.NONE, language)
    model = decision.model or ""
    return say("reasons", decision.automation, language, model=model)
