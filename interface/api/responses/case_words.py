"""The reasons of a ruling in words, and the money that moved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from application.cases.ruling_text import in_words
from application.record.envelope import Recorded
from domain.appeal.events import AppealDecided, AppealResult
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.enforcement.case_ledger import advanced
from domain.evidence.events import EvidenceSubmitted
from domain.ruling.events import Ruled
from domain.ruling.reasons import Automation
from interface.api.responses.case_course import AppealShown, MoneyTold, PostingShown
from interface.api.responses.case_parts import MoneyShown


def money_told(dispute: Dispute) -> MoneyTold | None:
    """Return the case's ledger; None before any money moved."""
    if not dispute.postings or dispute.paid is None:
        return None
    currency = dispute.paid.currency
    return MoneyTold(
        postings=tuple(
            PostingShown(
                payer=one.payer,
                payee=one.payee,
                amount=MoneyShown.of(one.amount, currency),
            )
            for one in dispute.postings
        ),
        advanced=MoneyShown.of(advanced(dispute.postings), currency),
    )


class Told(Struct):
    """What has been told so far on the way through the facts."""

    exhibits: dict[int, EvidenceSubmitted] = {}
    ruling: dict[str, str] = {}
    appeals: list[dict[str, str]] = []


def worded(
    fields: dict[str, Any], facts: Iterable[Recorded], context: Context
) -> dict[str, Any]:
    """Return the ruling and the appeals with their reasons in words."""
    told = Told()
    for fact in facts:
        _tell(told, fact.event, context)
    words: dict[str, Any] = {}
    if "ruling" in fields:
        words["ruling"] = replace(fields["ruling"], text=told.ruling)
    if told.appeals:
        words["appeals"] = _appeals(fields["appeals"], told.appeals)
    return words


def _tell(told: Told, event: Any, context: Context) -> None:
    match event:
        case EvidenceSubmitted(number=number):
            told.exhibits[number] = event
        case Ruled(automation=automation, model=model):
            told.ruling = _words(event, (automation, model), told, context)
        case AppealDecided():
            made = (Automation.NONE, None)
            told.appeals.append(_words(event, made, told, context))


def _words(
    event: Ruled | AppealDecided,
    made: tuple[Automation, str | None],
    told: Told,
    context: Context,
) -> dict[str, str]:
    decided = (event.liability, event.remedies, event.reasons)
    return in_words(*decided, made, told.exhibits, context.codes)


def _appeals(
    shown: Iterable[AppealShown], texts: list[dict[str, str]]
) -> tuple[AppealShown, ...]:
    """Give each decided appeal the words of its decision: one may answer two."""
    left = iter(texts)
    last: dict[str, str] = {}
    given: list[AppealShown] = []
    decided_at = None
    for one in shown:
        if one.state in DECIDED and one.decided_at != decided_at:
            last, decided_at = next(left, last), one.decided_at
        given.append(replace(one, text=last) if one.state in DECIDED else one)
    return tuple(given)


DECIDED = frozenset(map(str, AppealResult))
