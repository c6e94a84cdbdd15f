"""A trial: reads a whole source as an import would, writes nothing, and sums it up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median
from uuid import UUID

from msgspec import Struct, field

from application.cases.disputes import Disputes
from application.imports.case_batch import CaseBatch, Together
from application.imports.evidence_keeper import EvidencePlace, evidence_of
from application.imports.mapping import FileMapping
from application.imports.row_batches import batches
from application.imports.row_to_events import RowToEvents
from application.imports.source.opened_source import files_of_source, opened_source
from application.imports.trial_cases import TrialCases
from application.record.envelope import MAX_EVENT_BYTES, Recorded, encode, topic
from application.record.statements import SIZE
from domain.filing.events import Filed
from domain.performance.events import Closed

PLACES = 5
"""Of each reason, the first lines are named."""

SAMPLES = 3
MOST_DAYS = 100_000
"""Days to the end are kept of so many cases, for their median."""

_RUN = UUID(int=0)
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_NUMBER = re.compile(r"\d[\d,.:+T-]*( \d\d:[\d:.+]+)?")


class RejectReason(Struct):
    """Why rows would be rejected: an example, how many rows, and the first of them."""

    example: str
    rows: int = 0
    places: list[str] = field(default_factory=list)


class Summary(Struct, kw_only=True):
    """What an import of a source would do.

    `duplicates`: rows, or events of rows, that say what the source has said before;
    `contradictions`: rejects that say something else than it, or than the record.
    `kinds`: events by their kinds; `unmapped`: values that no table of codes has, by
    table, with how often; `outcomes`: closed cases by outcome; `days`: from filing to
    the end, of cases of which both are known; `samples`: the events of some cases.
    """

    rows: int = 0
    cases: int = 0
    grown: int = 0
    events: int = 0
    present: int = 0
    skipped: int = 0
    rejected: int = 0
    duplicates: int = 0
    contradictions: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    reasons: dict[str, RejectReason] = field(default_factory=dict)
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)
    filed: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    days: list[float] = field(default_factory=list)
    samples: list[tuple[Recorded, ...]] = field(default_factory=list)

    @property
    def median_days(self) -> float | None:
        """Return the median of the days from filing to the end; None: no such case."""
        return round(median(self.days), 1) if self.days else None


def tried(
    disputes: Disputes,
    mapping: FileMapping,
    paths: Sequence[Path],
    folder: Path = Path(),
    tell: Callable[[float, Summary], None] = lambda *_: None,
    evidence: EvidencePlace | None = None,
    cases_seen: Callable[[Iterator[Sequence[Recorded]]], None] | None = None,
) -> Summary:
    """Read a source as an import would. Raises MappingError.

    `cases_seen` is given the events of each case that would be added or would grow.
    """
    summary = Summary()
    files = files_of_source(mapping, paths, folder)
    with opened_source(mapping, files) as source, TrialCases(disputes) as cases:
        found = evidence_of(mapping, folder, evidence)
        converter = RowToEvents(mapping, source.header, disputes.books.codes, found)
        for batch in batches(source.rows(), converter, mapping.rows):
            made = CaseBatch(disputes, mapping, converter, _RUN)
            added = made.added(batch, cases.known)
            _refuse_large(made, added)
            made.count()
            cases.keep(made.standings)
            _add(summary, made, added)
            summary.rows += sum(map(len, batch))
            tell(source.share_read, summary)
        if cases_seen is not None:
            cases_seen(cases.all())
    return summary


_COUNTED = (
    *("cases", "grown", "events", "present", "skipped", "rejected"),
    "duplicates",
)


def _refuse_large(made: CaseBatch, added: Sequence[Together]) -> None:
    """Put rows aside whose events are too large, as sealing them would find.

    A sealed text is longer than the text; those that lie between are found later.
    """
    for one in added:
        if any(len(encode(event)) > MAX_EVENT_BYTES - SIZE for event in one.fresh):
            made.refuse(one, "makes the event too large")


def _add(summary: Summary, made: CaseBatch, added: Sequence[Together]) -> None:
    for name in _COUNTED:
        setattr(summary, name, getattr(summary, name) + made.counts[name])
    for row, reason in made.rejects:
        found = summary.reasons.setdefault(_kind(reason), RejectReason(reason))
        found.rows += 1
        summary.contradictions += "contradicts" in reason
        if len(found.places) < PLACES:
            found.places.append(row.place)
    for code in made.unknown:
        summary.unmapped.setdefault(code.table, Counter())[code.value] += 1
    for one in added:
        _add_events(summary, one.fresh)
        if len(summary.samples) < SAMPLES:
            summary.samples.append(one.fresh)


def _add_events(summary: Summary, fresh: Sequence[Recorded]) -> None:
    filed_at: datetime | None = None
    for one in fresh:
        summary.kinds[topic(one.event)] += 1
        summary.first = min(one.at, summary.first or one.at)
        summary.last = max(one.at, summary.last or one.at)
        if isinstance(one.event, Filed):
            filed_at = one.at
            summary.filed[str(one.at.year)] += 1
        elif isinstance(one.event, Closed):
            summary.closed[str(one.at.year)] += 1
            summary.outcomes[one.event.outcome] += 1
            if filed_at is not None and len(summary.days) < MOST_DAYS:
                summary.days.append((one.at - filed_at).total_seconds() / 86_400)


def _kind(reason: str) -> str:
    """Return a reason without what is of one row only."""
    return _NUMBER.sub("…", _QUOTED.sub("…", reason))
