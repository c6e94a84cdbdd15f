"""What happened in a case, as one line in one language."""

from __future__ import annotations

from application.record.envelope import topic
from application.texts import say
from domain.case.event import Event
from domain.deadlines.events import DeadlineMissed
from interface.pages.page_texts import page_words


def fact_words(event: Event, language: str) -> str:
    """Return what an event is called; of a missed limit, whose it was and for what."""
    if isinstance(event, DeadlineMissed):
        party = say("parties", event.party, language)
        said = page_words(f"missed.{event.awaited}", language, party=party)
        return said[:1].upper() + said[1:]
    return say("facts", topic(event), language)
