"""The facts of a case as its story: who, when, by which rule, proved where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct

from application.bundle.event_words import Words, event_rows
from application.cases.readable_values import second_in_words
from application.log.case_proofs import logged_events
from application.log.entry_proofs import EntryProof, entry_proofs
from application.log.witness.trust_policy import PolicyUnusable, TrustPolicy, read
from application.record.envelope import Imported, Recorded, topic
from application.record.row_scope import Beyond, beyond
from domain.case.dispute import Dispute, Phase
from domain.case.evolve import evolve
from domain.evidence.events import EvidenceSubmitted
from domain.roles import Actor, Role
from interface.api.request_context import RequestContext
from interface.pages.fact_words import fact_words
from interface.pages.record.cited_rules import RuleLink, cited_rules
from interface.pages.record.decision_rows import Rows, decision_rows

MAJOR = frozenset(
    {"filed", "seller-responded", "escalated", "ruled", "appeal-filed"}
    | {"appeal-decided", "refused", "withdrawn", "closed"}
)
BAD = frozenset({"deadline-missed", "defaulted", "enforcement-failed"})
MARKS: Mapping[Role, str] = {
    Role.BUYER: "buyer",
    Role.SELLER: "seller",
    Role.MEDIATOR: "mediator",
    Role.SUPERVISOR: "mediator",
    Role.CLOCK: "clock",
}
"""Who acted, in one character and a colour; all else is "other"."""

TOLD_LATE = timedelta(hours=1)
"""What was recorded later than this after it happened is said in words."""

TECHNICAL = frozenset(
    {"sha256", "sealed", "media_type", "size", "version", "id", "rule"}
)
"""Fields that stand elsewhere on the page: files, and rules with their articles."""


LEADING = (
    *("claim", "facts", "position", "statement", "terms", "liability", "remedies"),
    *("text", "message", "ground", "explanation", "finding", "question", "answer"),
)
"""Fields that say what a fact is about."""


class StoryFile(Struct, frozen=True, kw_only=True):
    """A piece of evidence that came with a fact."""

    number: int
    name: str
    size: int
    sha256: str
    missing: bool


class StoryFact(Struct, frozen=True, kw_only=True):
    """One fact. `proof` is None until it is in the log; times are UTC.

    `imported`: another system tells it, in its own log or in none.
    """

    version: int
    kind: str
    what: str
    mark: str
    tone: str
    actor: Actor
    at: datetime
    recorded_at: datetime
    details: tuple[tuple[str, str], ...]
    rules: tuple[RuleLink, ...]
    files: tuple[StoryFile, ...]
    proof: EntryProof | None
    phase: Phase
    imported: Imported | None = None

    @property
    def gap(self) -> timedelta | None:
        """Return how much later it was recorded, where that is worth a word."""
        late = self.recorded_at - self.at
        return late if late >= TOLD_LATE else None


class StoryDay(Struct, frozen=True):
    """The facts that were recorded on one day of the platform."""

    day: datetime
    facts: tuple[StoryFact, ...]


def story_facts(
    context: RequestContext, events: Sequence[Recorded]
) -> tuple[StoryFact, ...]:
    """Return the facts of opened events, in their order."""
    system = context.system
    now = system.clock()
    words = Words(
        context.language,
        system.rulebooks.codes,
        # Times in what a fact says are limits; its own stand beside it.
        lambda one: second_in_words(
            one, system.zone, now, context.language, is_limit=True
        ),
    )
    proofs = _proofs(context, events)
    decided = decision_rows(events, system.rulebooks, words)
    state, facts = Dispute(), []
    for one in events:
        state = evolve(state, one.event)
        proof = proofs.get(one.version)
        details = tuple(_details(one, words, decided.get(one.version, ())))
        facts.append(_fact(context, one, details, state.phase, proof))
    return tuple(facts)


def by_day(facts: Sequence[StoryFact], zone: str) -> tuple[StoryDay, ...]:
    """Group facts by the days on which they were recorded."""
    where = ZoneInfo(zone)
    days: dict[datetime, list[StoryFact]] = {}
    for one in facts:
        there = one.recorded_at.astimezone(where)
        day = there.replace(hour=0, minute=0, second=0, microsecond=0)
        days.setdefault(day, []).append(one)
    return tuple(StoryDay(day, tuple(of)) for day, of in days.items())


def _fact(
    context: RequestContext,
    recorded: Recorded,
    details: Rows,
    phase: Phase,
    proof: EntryProof | None,
) -> StoryFact:
    kind = topic(recorded.event)
    return StoryFact(
        version=recorded.version,
        kind=kind,
        what=fact_words(recorded.event, context.language),
        mark=MARKS.get(recorded.actor.acts_as, "other"),
        tone="bad" if kind in BAD else "major" if kind in MAJOR else "",
        actor=recorded.actor,
        at=recorded.at,
        recorded_at=recorded.recorded_at,
        details=details,
        rules=tuple(cited_rules(context, recorded)),
        files=tuple(_files(recorded)),
        proof=proof,
        phase=phase,
        imported=recorded.imported,
    )


def _details(
    recorded: Recorded, words: Words, decided: Rows
) -> Iterator[tuple[str, str]]:
    """Yield labels and values, those first that say what it is about.

    `decided`: why a decision is as it is, and what it obliges to.
    """
    hidden = {words.say("fields", one) for one in TECHNICAL}
    first = [words.say("fields", one) for one in LEADING]
    rows = [one for one in event_rows(recorded.event, words) if one[0] not in hidden]
    yield from (row for label in first for row in rows if _is(row[0], label))
    yield from decided
    yield from (row for row in rows if not any(_is(row[0], one) for one in first))


def _is(label: str, field: str) -> bool:
    """Tell whether a label is that of a field; it may name a language after it."""
    return label == field or label.startswith((f"{field}\uff08", f"{field} ("))


def _files(recorded: Recorded) -> Iterator[StoryFile]:
    event = recorded.event
    if isinstance(event, EvidenceSubmitted):
        yield StoryFile(
            number=event.number,
            name=event.name or "",
            size=event.size,
            sha256=event.sha256,
            missing=event.missing,
        )


def _proofs(
    context: RequestContext, events: Sequence[Recorded]
) -> dict[int, EntryProof]:
    """Return the proofs of the events that are in the log, by their versions."""
    database, log = context.system.database, context.system.settings.log
    policy = _policy(log.policy)
    with beyond(Beyond.LOG), database.get_connection() as connection:
        places = logged_events(connection, events[0].case)
        indexes = [one.index for one in places if one.index is not None]
        found = entry_proofs(connection, indexes, log.origin, policy)
    return {one.version: found[one.index] for one in places if one.index is not None}


def _policy(path: Path | None) -> TrustPolicy | None:
    """Return whose cosignatures count, where this process can tell."""
    try:
        return read(path) if path else None
    except PolicyUnusable:
        return None
