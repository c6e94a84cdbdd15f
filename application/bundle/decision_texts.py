"""The reasons of each decision in a case, in words, zh and en."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from application.cases.ruling_text import Decision, Wording, in_words
from application.record.envelope import Recorded, topic
from application.rules.rulebook import Rulebooks
from domain.appeal.events import AppealDecided
from domain.evidence.events import EvidenceHandedIn, EvidenceSubmitted
from domain.ruling.events import Ruled, RulingDrafted


class DecisionText(Struct, frozen=True, kw_only=True):
    """A decision in words; `type` names its event."""

    version: int
    type: str
    zh: str
    en: str


def decision_texts(
    events: Iterable[Recorded], books: Rulebooks
) -> Iterator[DecisionText]:
    """Put every draft, ruling and decision on an appeal into words."""
    for recorded, decision, wording in decisions(events, books):
        text = in_words(decision, wording)
        yield DecisionText(version=recorded.version, type=topic(decision), **text)


def decisions(
    events: Iterable[Recorded], books: Rulebooks
) -> Iterator[tuple[Recorded, Decision, Wording]]:
    """Yield every decision with what it is put into words with.

    The exhibits are those that there are by then: it is used before the next one comes.
    """
    exhibits: dict[int, EvidenceSubmitted] = {}
    drafts: dict[int, EvidenceSubmitted] = {}
    wording = Wording(
        codes=books.codes, regulations=books.regulations.known, exhibits=exhibits
    )
    for recorded in events:
        event = recorded.event
        if isinstance(event, EvidenceSubmitted):
            (drafts if event.draft else exhibits)[event.number] = event
        elif isinstance(event, EvidenceHandedIn) and event.number in drafts:
            exhibits[event.number] = drafts.pop(event.number)
        elif isinstance(event, Ruled | RulingDrafted | AppealDecided):
            yield recorded, event, wording
