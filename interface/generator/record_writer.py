"""Writes generated cases into the record by COPY, a bounded number at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from operator import itemgetter
from random import Random

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import TupleRow

from application.cases.order_line import OrderLineId, cases_on
from application.jobs.locks import SIGNING
from application.operator_error import OperatorError
from application.rules.adopted_rules import AdoptedRules
from domain.roles import Party
from interface.bootstrap import System
from interface.generator.case_draw import CaseDraw
from interface.generator.file_copies import FileCopies
from interface.generator.generated_case import (
    CaseRows,
    GeneratedCase,
    People,
    Row,
    Sealed,
    generated,
)
from interface.generator.library import KINDS, LIVE, PLATFORMS, patterns, span
from interface.generator.pattern_weeks import PatternWeeks, Span

BATCH = 2_000
"""How many cases are in memory at once, and committed together."""

_COPY = b"""
COPY events (originator_id, originator_version, topic, state)
FROM STDIN (FORMAT binary)
"""
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"


class NotGenerated(OperatorError):
    """Cases cannot be generated here; nothing was written, or the message says what."""


class Written(Struct, frozen=True):
    """How many cases and events have been written."""

    cases: int
    events: int


def people_for(cases: int) -> People:
    """Return how many people there are behind so many cases."""
    return People(
        buyers=max(20, cases // 4),
        sellers=max(12, cases // 40),
        staff=max(8, min(400, cases // 500)),
    )


class RecordWriter:
    """Generates cases and appends them, as the owner of the tables.

    `connection` is the owner's: COPY is refused to roles that row security holds for.
    """

    def __init__(
        self,
        system: System,
        connection: Connection[TupleRow],
        cases: int,
        seed: int,
        until: datetime,
        since: datetime | None = None,
    ) -> None:
        self._system, self._connection = system, connection
        self._cases, self._seed = cases, seed
        self._people = people_for(cases)
        disputes = system.disputes
        self._rules = disputes.books.for_new(disputes.policy, until)
        self._times: Span = span(self._rules, until, since)
        self._sealed: dict[str, Sealed] = {}
        self._files = FileCopies(system.evidence, self._sealed)
        self._rows = CaseRows(
            self._people, self._sealed, self._files.file, system.statement_key.sign
        )

    def write(self, tell: Callable[[Written], None]) -> Written:
        """Write all cases; `tell` hears after each batch."""
        self._adopt_rules()
        cases, written = self.drawn(), Written(0, 0)
        # The database stores a batch while the next one is made.
        with ThreadPoolExecutor(1) as storing:
            stored: Future[None] | None = None
            while batch := list(islice(cases, BATCH)):
                rows = self._rows_of(batch)
                if stored is not None:
                    stored.result()
                stored = storing.submit(self._copy, rows)
                written = Written(
                    written.cases + len(batch), written.events + len(rows)
                )
                tell(written)
            if stored is not None:
                stored.result()
        self._files.sync()
        self._connection.execute("ANALYZE events, case_parties, case_recusals")
        return written

    def _adopt_rules(self) -> None:
        adopted = AdoptedRules(
            self._system.database, self._system.record, lambda: self._times.since
        )
        adopted.adopt(self._system.rulebooks.rule_set(self._rules.policy.id))

    def _rows_of(self, batch: Sequence[GeneratedCase]) -> list[Row]:
        self._open_keys(batch)
        rows = [row for one in batch for row in self._rows.rows(one)]
        # By time, as they would have come. Rows of a case keep their order.
        rows.sort(key=itemgetter(0))
        return rows

    def drawn(self) -> Iterator[GeneratedCase]:
        """Yield the cases in the order of filing; the same for the same arguments."""
        disputes, chance = self._system.disputes, Random(self._seed)  # noqa: S311
        made = list(patterns(disputes, self._cases, self._seed, self._times))
        weeks = PatternWeeks(self._rules, self._times)
        courses = Random(f"{self._seed}/courses")  # noqa: S311 - not a secret
        draw = CaseDraw(made, weeks, self._times, len(KINDS), courses)
        cases = draw.cases(self._cases, round(self._cases * LIVE))
        for number, one in enumerate(cases):
            yield generated(one, number, self._seed, self._people, chance)

    @property
    def times(self) -> Span:
        """Return the time in which the cases are filed and go on."""
        return self._times

    def check(self) -> None:
        """Keep others from signing the log meanwhile.

        Raises NotGenerated if what would be written could not be true here.
        """
        signed = self._connection.execute("SELECT EXISTS (SELECT FROM log_checkpoints)")
        if signed.fetchone() == (True,):
            raise NotGenerated(
                "the log of this database is signed already, and history that is"
                " written now would be back-dated: take an empty database"
            )
        lock = self._connection.execute("SELECT pg_try_advisory_lock(%s)", (SIGNING,))
        if lock.fetchone() != (True,):
            raise NotGenerated(
                "the log of this database is being signed: stop `redress serve`,"
                " `redress work` and `redress sign` until the cases are written"
            )
        order = f"g-{self._seed}-{0:08}"
        for platform in sorted(set(PLATFORMS)):
            if cases_on(self._system.database, OrderLineId(platform, order, "1")):
                raise NotGenerated(
                    f"--seed: cases of {self._seed} are there already; take another"
                    " one, or an empty database"
                )

    def _open_keys(self, batch: Sequence[GeneratedCase]) -> None:
        """Make or read the keys of all parties of a batch, and forget the others."""
        subjects = {
            one.subject(party) for one in batch for party in (Party.BUYER, Party.SELLER)
        }
        keys = self._system.keys
        ids = keys.current(subjects)
        keys.load(ids.values())
        self._sealed.clear()
        for subject, key in ids.items():
            cipher = keys.cipher(key)
            if cipher is None:
                raise NotGenerated(f"the key of {subject} was destroyed meanwhile")
            self._sealed[subject] = Sealed(key, cipher)

    def _copy(self, rows: Sequence[Row]) -> None:
        with (
            self._connection.transaction(),
            self._connection.cursor() as cursor,
            cursor.copy(_COPY) as copy,
        ):
            copy.write(_HEADER + b"".join([row for _, row in rows]) + _TRAILER)
