"""The cases of a batch: what the record has of them, what the rows add, what is bad."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import chain
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from msgspec import Struct

from application.cases.disputes import Disputes
from application.imports.case_events import Origin, after, recorded
from application.imports.case_news import news, once
from application.imports.case_order import in_order, refuse_future
from application.imports.cells import BadRow, UnknownCode
from application.imports.evidence_keeper import EvidenceKeeper
from application.imports.mapping import Contradiction, FileMapping, Rows
from application.imports.row_to_events import RowToEvents, ToldEvent
from application.imports.source.source_row import Row
from application.privacy.sealing_keys import subjects, with_keys
from application.record.envelope import Imported, Recorded, leaf
from application.record.storable_values import check
from application.texts import say
from domain.case.dispute import Dispute
from domain.evidence.events import EvidenceSubmitted
from domain.identity import imported_key
from domain.refusals import Invalid


class Together(Struct):
    """Rows that tell a case together, and the events that they add to it."""

    rows: Sequence[Row]
    record: str
    case: UUID
    told: tuple[ToldEvent, ...]
    extra: Mapping[str, str] | None = None
    fresh: tuple[Recorded, ...] = ()


class Standing(Struct):
    """A case as it stands within the batch.

    `known` are its events with their texts in clear, `head` the leaf hash of the last
    one that is encoded. `grown`: events that the batch adds. `is_broken`: rows of it
    could not be encoded. `is_tried`: a trial has had rows of it before.
    """

    known: list[Recorded]
    dispute: Dispute
    head: bytes | None
    is_new: bool
    grown: int = 0
    is_broken: bool = False
    is_tried: bool = False


Known = Callable[[AbstractSet[UUID]], Mapping[UUID, Standing]]
"""Returns those of the cases that are known already."""


class CaseBatch:
    """Makes the events that a batch of rows adds, and says which rows are bad."""

    def __init__(
        self,
        disputes: Disputes,
        mapping: FileMapping,
        converter: RowToEvents,
        run: UUID,
        keeper: EvidenceKeeper | None = None,
    ) -> None:
        self._disputes = disputes
        self._mapping = mapping
        self._converter = converter
        self._run = run
        self._keeper = keeper
        self._files: dict[str, str] = {}
        self.standings: dict[UUID, Standing] = {}
        self.rejects: list[tuple[Row, str]] = []
        self.unknown: list[UnknownCode] = []
        self.counts: Counter[str] = Counter()

    def added(self, units: Iterable[Sequence[Row]], known: Known) -> list[Together]:
        """Return what the rows add to their cases, and put bad ones aside."""
        learnt = self._disputes.clock()
        told = list(self._told(units))
        self.standings = dict(known({one.case for one in told}))
        for one in told:
            if one.case not in self.standings:
                self.standings[one.case] = Standing([], Dispute(), None, is_new=True)
        return [one for one in told if self._is_added(one, learnt)]

    def stored(self, added: Sequence[Together]) -> list[StoredEvent]:
        """Return the encoded events; put rows aside that are too large for it."""
        self._make_keys(added)
        stored = [event for one in added for event in self._encoded(one)]
        self.count()
        return stored

    def count(self) -> None:
        """Count what came of the batch."""
        grown = [one for one in self.standings.values() if one.grown]
        self.counts["cases"] = sum(one.is_new for one in grown)
        self.counts["grown"] = len(grown) - self.counts["cases"]
        self.counts["events"] = sum(one.grown for one in grown)
        self.counts["rejected"] = len(self.rejects)

    def refuse(self, one: Together, reason: str) -> None:
        """Put rows aside whose events cannot be recorded."""
        standing = self.standings[one.case]
        standing.is_broken = True
        standing.grown -= len(one.fresh)
        self._reject(one.rows, None, reason)

    def _told(self, units: Iterable[Sequence[Row]]) -> Iterator[Together]:
        """Yield what the rows of each case tell; put bad ones aside."""
        for rows in units:
            told: list[ToldEvent] = []
            row, record = rows[0], ""
            try:
                extra = self._converter.free_fields(row)
                for row in rows:
                    record = self._converter.record(row)
                    events = self._converter.events(row)
                    # Of several rows of a case, that of the filing is asked for them.
                    if any(one.type == "filed" for one in events):
                        extra = self._converter.free_fields(row)
                    told += events
            except BadRow as error:
                if isinstance(error, UnknownCode):
                    self.unknown.append(error)
                self._reject(rows, row, str(error))
                continue
            self._note_files(told)
            if not told:
                self.counts["skipped"] += len(rows)
                continue
            case = imported_key(self._mapping.system, record)
            yield Together(rows, record, case, tuple(told), extra)

    def _note_files(self, told: Iterable[ToldEvent]) -> None:
        """Note by their digests what files of evidence are called in the source."""
        for one in told:
            if one.file is not None and isinstance(one.event, EvidenceSubmitted):
                self._files[one.event.sha256] = one.file

    def _reject(self, rows: Sequence[Row], bad: Row | None, reason: str) -> None:
        """Put the rows of a case aside, the bad one with its reason.

        A case that lacks one of its events would be another case.
        """
        for row in rows:
            beside = bad is not None and row is not bad
            said = (
                f"line {bad.place} of its case: {reason}" if beside and bad else reason
            )
            self.rejects.append((row, said))

    def _is_added(self, one: Together, learnt: datetime) -> bool:
        """Make the events that are new of a case; tell whether there are any."""
        standing = self.standings[one.case]
        if self._mapping.rows is Rows.EVENTS:
            self.counts["duplicates"] += len(one.told) - len(once(one.told))
        try:
            corrects = self._mapping.on_contradiction is Contradiction.CORRECT
            fresh = news(
                one.case,
                standing.known,
                one.told,
                self._mapping.rows,
                learnt if corrects else None,
                (one.extra or {}) if self._mapping.extra else None,
            )
            if not fresh:
                self.counts["present"] += 1
                # Said before in the same source, and not only in the record.
                if standing.grown or standing.is_tried:
                    self.counts["duplicates"] += len(one.rows)
                return False
            origin = self._origin(one, learnt)
            placed, known = in_order(fresh), standing.known
            refuse_future(placed, learnt)
            one.fresh = recorded(placed, origin, known, standing.dispute)
            dispute = after(standing.dispute, known, one.fresh)
            for event in one.fresh:
                check(event)
        except BadRow as error:
            self._reject(one.rows, None, str(error))
            return False
        except Invalid as error:
            self._reject(one.rows, None, _reason(error))
            return False
        standing.known += one.fresh
        standing.dispute = dispute
        standing.grown += len(one.fresh)
        return True

    def _origin(self, one: Together, learnt: datetime) -> Origin:
        imported = Imported(
            system=self._mapping.system,
            record=one.record,
            zone=self._mapping.zone,
            run=self._run,
        )
        return Origin(one.case, imported, learnt, one.extra)

    def _make_keys(self, added: Sequence[Together]) -> None:
        """Make the data keys that the batch lacks, in one statement."""
        needed = (
            subjects(one.fresh, self.standings[one.case].dispute).values()
            for one in added
        )
        self._disputes.keys.current(chain.from_iterable(needed))

    def _encoded(self, one: Together) -> list[StoredEvent]:
        """Seal and encode the events; put the rows aside that are too large for it."""
        standing = self.standings[one.case]
        if standing.is_broken:
            self.refuse(one, "rows of its case above were rejected")
            return []
        try:
            keyed = with_keys(one.fresh, standing.dispute, self._disputes.keys)
            whole = [self._with_file(event) for event in keyed]
            stored = self._disputes.record.encoded(whole, standing.head)
        except Invalid as error:
            self.refuse(one, _reason(error))
            return []
        except BadRow as error:
            self.refuse(one, str(error))
            return []
        standing.head = leaf(stored[-1].state)
        return stored

    def _with_file(self, recorded: Recorded) -> Recorded:
        """Keep the file that an event came with. Raises BadRow."""
        event = recorded.event
        if self._keeper is None or not isinstance(event, EvidenceSubmitted):
            return recorded
        name = None if event.missing else self._files.get(event.sha256)
        return recorded if name is None else self._keeper.kept(recorded, name)


def _reason(error: Invalid) -> str:
    return say("faults", error.problems[0].code, "en", **error.problems[0].details)
