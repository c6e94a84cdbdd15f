"""The reasons of each decision in a case, in words, zh and en."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from application.cases.ruling_text import in_words
from application.record.envelope import Recorded, topic
from domain.appeal.events import AppealDecided
from domain.evidence.events import EvidenceSubmitted
from domain.policy.codes import Codes
from domain.ruling.events import Ruled, RulingDrafted
from domain.ruling.reasons import Automation


class DecisionText(Struct, frozen=True, kw_only=True):
    """A decision in words; `type` names its event."""

    version: int
    type: str
    zh: str
    en: str


def decision_texts(events: Iterable[Recorded], codes: Codes) -> Iterator[DecisionText]:
    """Put every draft, ruling and decision on an appeal into words."""
    exhibits: dict[int, EvidenceSubmitted] = {}
    for recorded in events:
        event = recorded.event
        if isinstance(event, EvidenceSubmitted):
            exhibits[event.number] = event
        elif isinstance(event, Ruled | RulingDrafted | AppealDecided):
            text = in_words(
                event.liability,
                event.remedies,
                event.reasons,
                _made(event),
                exhibits,
                codes,
            )
            yield DecisionText(version=recorded.version, type=topic(event), **text)


def _made(
    event: Ruled | RulingDrafted | AppealDecided,
) -> tuple[Automation, str | None]:
    """Return how a decision was made; an appeal is always decided by a person."""
    if isinstance(event, AppealDecided):
        return Automation.NONE, None
    return event.automation, event.model
