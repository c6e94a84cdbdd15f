"""The timeline of a case as one HTML page: no script, nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from importlib.resources import files
from zoneinfo import ZoneInfo

from msgspec import Struct

from application.bundle.decision_texts import DecisionText
from application.bundle.event_words import Words, rows
from application.bundle.redactions import CLOSED
from application.log.format.checkpoint import Checkpoint
from application.record.codec import ERASED
from application.record.envelope import Recorded, topic
from application.texts import LANGUAGES, say
from domain.case.dispute import Dispute
from domain.deadlines.ledger import Entry
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
    return "".join(_page(story, Words(language, story.codes))).encode()


def _page(story: Story, words: Words) -> Iterator[str]:
    tongue = LANGUAGES[words.language]
    title = f"{words.of('title')} {story.events[0].case}"
    style = files("application.bundle").joinpath("timeline.css").read_text("utf-8")
    yield f'<!doctype html>\n<html lang="{tongue}">\n<head>\n<meta charset="utf-8">\n'
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield f"<title>{escape(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
    yield f"<h1>{escape(title)}</h1>\n"
    yield from _summary(story, words)
    yield f"<h2>{words.of('facts')}</h2>\n<ol class=facts>\n"
    for fact in story.events:
        yield from _fact(fact, story, words)
    yield "</ol>\n"
    yield from _ledger(story, words)
    legend = words.of("legend", closed=CLOSED, erased=ERASED)
    yield f"<footer>{legend}</footer>\n</body>\n</html>\n"


def _summary(story: Story, words: Words) -> Iterator[str]:
    dispute = story.dispute
    told = {
        "phase": say("phases", dispute.phase, words.language),
        "version": str(len(story.events)),
        "policy": dispute.policy or "",
        "log": story.checkpoint.origin,
        "size": str(story.checkpoint.size),
        "root": story.checkpoint.root.hex(),
    }
    yield "<dl class=summary>\n"
    for name, value in told.items():
        yield f"<dt>{words.of(name)}</dt><dd>{_isolated(value)}</dd>\n"
    yield "</dl>\n"


def _fact(fact: Recorded, story: Story, words: Words) -> Iterator[str]:
    name = escape(words.fact(topic(fact.event)))
    yield f'<li id="v{fact.version}">\n<h3>{fact.version}. {name}</h3>\n'
    yield f"<p class=when>{_moment(fact.at, story.zone)}"
    if fact.recorded_at != fact.at:
        yield f" · {words.of('learnt')} {_moment(fact.recorded_at, story.zone)}"
    yield f" · {_isolated(_who(fact, words))}</p>\n"
    for told in (one for one in story.decisions if one.version == fact.version):
        yield f"<p class=reasons>{_isolated(getattr(told, words.language))}</p>\n"
    yield "<dl>\n"
    for label, value in rows(fact.event, words):
        yield f"<dt>{escape(label)}</dt><dd>{_isolated(value)}</dd>\n"
    yield "</dl>\n</li>\n"


_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _isolated(text: str) -> str:
    """Write a text that others may have written: it turns no line around it.

    The end of an isolation, in it, would end the element's own: so that is shown.
    """
    return f"<bdi>{escape(_TURNING.sub(_named, text))}</bdi>"


def _named(found: re.Match[str]) -> str:
    return f"[U+{ord(found[0]):04X}]"


def _who(fact: Recorded, words: Words) -> str:
    actor = fact.actor
    who = f"{say('roles', actor.role, words.language)} {actor.id or ''}".strip()
    if actor.on_behalf_of is None:
        return who
    party = say("parties", actor.on_behalf_of, words.language)
    return f"{who} ({words.of('for', party=party)})"


def _ledger(story: Story, words: Words) -> Iterator[str]:
    heads = ("awaited", "party", "start", "due", "state", "late")
    yield f"<h2>{words.of('ledger')}</h2>\n<table>\n<thead><tr>"
    yield "".join(f"<th>{words.of(name)}</th>" for name in heads)
    yield "</tr></thead>\n<tbody>\n"
    for entry in story.ledger:
        cells = (
            escape(say("awaited", entry.awaited, words.language)),
            escape(say("parties", entry.party, words.language)),
            _moment(entry.start, story.zone),
            _moment(entry.due, story.zone),
            words.of(f"limit-{entry.state}"),
            "" if entry.late is None else f"{entry.late:.0f} s",
        )
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"
    yield "</tbody>\n</table>\n"


def _moment(moment: datetime, zone: str | None) -> str:
    """Write a time in UTC and, where the zone of the case is known, as it was there."""
    there = f"{moment:%Y-%m-%d %H:%M:%SZ}"
    if zone is None:
        return f"<time>{there}</time>"
    local = moment.astimezone(ZoneInfo(zone))
    return f'<time>{there}</time> <span class="local">({local:%m-%d %H:%M %z})</span>'
