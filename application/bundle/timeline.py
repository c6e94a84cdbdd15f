"""The timeline of a case as one HTML page: no script, nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from msgspec import Struct

from application.bundle.decision_texts import DecisionText
from application.bundle.event_words import Words, event_rows
from application.bundle.redactions import CLOSED
from application.log.format.checkpoint import Checkpoint
from application.record.codec import ERASED
from application.record.envelope import Recorded, topic
from application.texts import LANGUAGES
from domain.case.dispute import Dispute
from domain.deadlines.ledger_entry import Entry
from domain.policy.codes import Codes


class Story(Struct, frozen=True, kw_only=True):
    """What a timeline tells: readable events, limits, decisions, the checkpoint.

    `zone`: where local times are, None if only UTC is known.
    """

    events: Sequence[Recorded]
    dispute: Dispute
    ledger: Sequence[Entry]
    decisions: Sequence[DecisionText]
    codes: Codes
    zone: str | None
    checkpoint: Checkpoint


def timeline(story: Story, language: str) -> bytes:
    """Return the page in a language."""
    words = Words(language, story.codes)
    page = _template().render(
        language=LANGUAGES[language],
        title=f"{words.say('timeline', 'title')} {story.events[0].case}",
        say=words.say,
        summary=_summary(story, words),
        events=_events(story, words),
        limits=_limits(story, words),
        closed=CLOSED,
        erased=ERASED,
    )
    return _TURNING.sub(_shown, page).encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("application.bundle", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("timeline.html")


# The page isolates texts of others by <bdi>. A character that ends an isolation would
# end that of the element too, so the page holds no character that turns a line.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _shown(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


def _summary(story: Story, words: Words) -> dict[str, str]:
    """Return the case and the checkpoint in short, by the names of their labels."""
    checkpoint = story.checkpoint
    return {
        "phase": words.say("phases", story.dispute.phase),
        "version": str(len(story.events)),
        "policy": story.dispute.policy or "",
        "log": checkpoint.origin,
        "size": str(checkpoint.size),
        "root": checkpoint.root.hex(),
    }


def _events(story: Story, words: Words) -> Iterator[tuple[Any, ...]]:
    """Yield of each event its version, name, times, actor, reasons, and fields."""
    zone, learnt = _zone(story), words.say("timeline", "learnt")
    reasons = {one.version: getattr(one, words.language) for one in story.decisions}
    for recorded in story.events:
        times = [("", *_time(recorded.at, zone))]
        if recorded.recorded_at != recorded.at:
            times.append((learnt, *_time(recorded.recorded_at, zone)))
        yield (
            recorded.version,
            words.say("facts", topic(recorded.event)),
            times,
            _who(recorded, words),
            reasons.get(recorded.version),
            event_rows(recorded.event, words),
        )


def _limits(story: Story, words: Words) -> Iterator[tuple[Any, ...]]:
    """Yield the cells of each time limit."""
    zone = _zone(story)
    for entry in story.ledger:
        yield (
            words.say("awaited", entry.awaited),
            words.say("parties", entry.party),
            [_time(moment, zone) for moment in (entry.start, entry.due)],
            words.say("timeline", f"limit-{entry.state}"),
            "" if entry.late is None else f"{entry.late:.0f} s",
        )


def _zone(story: Story) -> ZoneInfo | None:
    return None if story.zone is None else ZoneInfo(story.zone)


def _time(moment: datetime, zone: ZoneInfo | None) -> tuple[str, str | None]:
    """Write a time in UTC and, where the zone of the case is known, as it was there."""
    there = None if zone is None else f"{moment.astimezone(zone):%m-%d %H:%M %z}"
    return f"{moment:%Y-%m-%d %H:%M:%SZ}", there


def _who(recorded: Recorded, words: Words) -> str:
    """Return who acted, and for which party."""
    actor = recorded.actor
    who = f"{words.say('roles', actor.role)} {actor.id or ''}".strip()
    if actor.on_behalf_of is None:
        return who
    party = words.say("parties", actor.on_behalf_of)
    named = f"{party} {actor.for_id or ''}".strip()
    return f"{who} ({words.say('timeline', 'for', party=named)})"
