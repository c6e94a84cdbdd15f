"""Puts the structured reasons of a decision into words, in zh and en."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from application.texts import say
from domain.evidence.events import EvidenceSubmitted
from domain.policy.codes import Codes
from domain.ruling.reasons import Automation, Reason
from domain.terms import Terms

STOPS = {"zh": ("；", "。"), "en": ("; ", ".")}  # noqa: RUF001 - Chinese stops


def in_words(
    liability: str | None,
    remedies: Iterable[Terms],
    reasons: Iterable[Reason],
    made: tuple[Automation, str | None],
    exhibits: Mapping[int, EvidenceSubmitted],
    codes: Codes,
) -> dict[str, str]:
    """Return the text of a decision in both languages.

    For each reason its issue, its finding, the evidence relied on or set aside, the
    rule and the burden of proof; then the liability, the remedies, and how much of the
    decision a machine made (`made`, with the name of its model).
    """
    reasons, remedies = tuple(reasons), tuple(remedies)
    return {
        language: "\n".join(
            [
                *(_step(one, exhibits, codes, language) for one in reasons),
                *_liability(liability, codes, language),
                *(_remedy(one, codes, language) for one in remedies),
                say("reasons", made[0], language, model=made[1] or ""),
            ]
        )
        for language in STOPS
    }


def _step(
    reason: Reason,
    exhibits: Mapping[int, EvidenceSubmitted],
    codes: Codes,
    language: str,
) -> str:
    parts = [
        say("reasons", "issue", language, issue=reason.issue),
        say("reasons", "finding", language, finding=reason.finding),
        *_evidence(reason, exhibits, codes, language),
        _rule(reason, language),
    ]
    if reason.burden is not None:
        party = say("parties", reason.burden, language)
        parts.append(say("reasons", "burden", language, party=party))
    return " ".join(parts)


def _evidence(
    reason: Reason,
    exhibits: Mapping[int, EvidenceSubmitted],
    codes: Codes,
    language: str,
) -> Iterator[str]:
    between = STOPS[language][0]
    for name, cited in (("relied", reason.relied_on), ("aside", reason.set_aside)):
        listed = [
            _exhibit(exhibits[number], codes, language)
            for number in cited
            if number in exhibits
        ]
        if listed:
            yield say("reasons", name, language, evidence=between.join(listed))
    if not reason.relied_on and not reason.set_aside:
        yield say("reasons", "nothing", language)


def _exhibit(one: EvidenceSubmitted, codes: Codes, language: str) -> str:
    label = codes.evidence.get(one.kind)
    kind = getattr(label, language) if label else one.kind
    by = say("parties", one.by, language)
    return say("reasons", "exhibit", language, n=str(one.number), kind=kind, by=by)


def _rule(reason: Reason, language: str) -> str:
    rule = reason.rule
    cited = say("reasons", "rule", language, id=rule.id, version=rule.version)
    if rule.article:
        cited += say("reasons", "article", language, article=rule.article)
    return cited + STOPS[language][1]


def _liability(liability: str | None, codes: Codes, language: str) -> Iterator[str]:
    """Yield who is liable; nothing if a decision leaves the liability as it was."""
    if liability is None:
        return
    label = codes.liabilities.get(liability)
    words = getattr(label, language) if label else liability
    yield say("reasons", "liability", language, liability=words)


def _remedy(terms: Terms, codes: Codes, language: str) -> str:
    label = codes.remedies.get(terms.kind)
    words = getattr(label, language) if label else terms.kind
    if terms.amount is not None:
        words += f" {terms.amount} {terms.amount.currency}"
    said = say("reasons", "remedy", language, remedy=words)
    if terms.freight is not None:
        party = say("parties", terms.freight, language)
        said += say("reasons", "freight", language, party=party)
    return said + STOPS[language][1]
