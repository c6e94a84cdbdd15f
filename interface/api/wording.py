"""The reasons of a ruling in words, and the money that moved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from application.envelope import Recorded
from domain.accounts import advanced
from domain.context import Context
from domain.dispute import Dispute
from domain.events.investigation import EvidenceSubmitted
from domain.events.ruling import Ruled
from interface.api.course import MoneyTold, PostingShown
from interface.api.representations import MoneyShown, RulingShown
from interface.reasoning import in_words


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


def worded(
    ruling: RulingShown, facts: Iterable[Recorded], context: Context
) -> RulingShown:
    """Put the reasons of the ruling into words."""
    exhibits: dict[int, EvidenceSubmitted] = {}
    text: dict[str, str] = {}
    for fact in facts:
        event: Any = fact.event
        if isinstance(event, EvidenceSubmitted):
            exhibits[event.number] = event
        elif isinstance(event, Ruled):
            text = in_words(
                event.liability,
                event.remedies,
                event.reasons,
                (event.automation, event.model),
                exhibits,
                context.codes,
            )
    return replace(ruling, text=text)
