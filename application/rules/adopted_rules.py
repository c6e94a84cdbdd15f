"""The rule sets that events name, each recorded in the log before it is first used.

The record holds their hashes, a table beside it their texts: a text that does not hash
to what the log holds is no text of the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from threading import Lock
from uuid import uuid5

import msgspec
from eventsourcing.persistence import StoredEvent

from application.operator_error import OperatorError
from application.record.database import Database
from application.record.envelope import Envelope, leaf
from application.record.record import Record
from application.record.recorder import VersionTaken
from application.record.row_scope import Beyond, beyond
from application.rules.rule_sets import RuleSet
from domain.identity import RULES as HISTORY
from domain.policy.events import AdoptedPart, RulesAdopted
from domain.roles import RULES

Texts = Mapping[str, bytes]
"""Texts of rules by their SHA-256 (hex)."""


class RulesChanged(OperatorError):
    """Rules were changed in place: the log has another hash for the same id."""


class AdoptionRecorded(Envelope, frozen=True, kw_only=True, omit_defaults=True):
    """An adoption in its envelope; `case` is the id of the history of rules."""

    event: RulesAdopted


decode_adoption = msgspec.json.Decoder(AdoptionRecorded).decode


class AdoptedRules:
    """Records rule sets before they are first used. Safe for several threads."""

    def __init__(
        self, database: Database, record: Record, clock: Callable[[], datetime]
    ) -> None:
        self._database, self._record, self._clock = database, record, clock
        self._known: set[bytes] = set()
        self._lock = Lock()

    def knows(self, digest: bytes) -> bool:
        """Tell whether this process has seen that a rule set is recorded."""
        return digest in self._known

    def adopt(self, rules: RuleSet) -> None:
        """Record a rule set, unless it is recorded. Raises RulesChanged."""
        with self._lock, beyond(Beyond.RULES):
            while not self._is_recorded(rules):
                self._keep(rules)
                self._append(rules)
            self._known.add(rules.digest)

    def recorded(self) -> tuple[RulesAdopted, ...]:
        """Return what has been adopted, the oldest first. Raises RulesChanged."""
        with beyond(Beyond.RULES):
            return tuple(map(_read, self._record.read(HISTORY)))

    def texts(self, digests: Iterable[str]) -> Texts:
        """Return texts by their hashes; those that are lost or changed are left out."""
        wanted = sorted(set(digests))
        with self._database.get_connection() as connection:
            rows = connection.execute(
                "SELECT sha256, content FROM rule_texts WHERE sha256 = ANY(%s)",
                (wanted,),
            ).fetchall()
        return {
            row["sha256"]: row["content"]
            for row in rows
            if sha256(row["content"]).hexdigest() == row["sha256"]
        }

    def _is_recorded(self, rules: RuleSet) -> bool:
        adopted = self.recorded()
        refuse_changed(adopted, [rules])
        return any(one.rules == rules.digest for one in adopted)

    def _keep(self, rules: RuleSet) -> None:
        """Keep the texts, before anything in the log names their hashes."""
        kept = {one.sha256: one.text for one in rules.parts}
        kept[rules.digest.hex()] = rules.text
        with self._database.get_connection() as connection:
            connection.execute(
                "INSERT INTO rule_texts SELECT * FROM unnest(%s::text[], %s::bytea[])"
                " ON CONFLICT DO NOTHING",
                (list(kept), list(kept.values())),
            )

    def _append(self, rules: RuleSet) -> None:
        stored, now = self._record.read(HISTORY), self._clock()
        adoption = AdoptionRecorded(
            case=HISTORY,
            version=len(stored) + 1,
            at=now,
            recorded_at=now,
            actor=RULES,
            command_id=uuid5(HISTORY, rules.digest.hex()),
            event=RulesAdopted(
                rules=rules.digest,
                parts=tuple(
                    AdoptedPart(kind=one.kind, id=one.id, sha256=one.sha256)
                    for one in rules.parts
                ),
            ),
        )
        try:
            self._record.append([adoption], leaf(stored[-1].state) if stored else None)
        except VersionTaken:
            # Somebody else has adopted rules meanwhile, maybe these.
            return


def _read(row: StoredEvent) -> RulesAdopted:
    """Decode an adoption. Raises RulesChanged for what somebody else has put in."""
    try:
        return decode_adoption(row.state).event
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        place = f"history of rules, version {row.originator_version}"
        raise RulesChanged(f"{place}: the bytes adopt no rules: {error}") from None


def refuse_changed(adopted: Iterable[RulesAdopted], sets: Iterable[RuleSet]) -> None:
    """Raise RulesChanged, naming the first part that is not what was adopted."""
    for said in changes(adopted, sets):
        raise RulesChanged(said)


def changes(adopted: Iterable[RulesAdopted], sets: Iterable[RuleSet]) -> Iterator[str]:
    """Yield, for each part that is not what was adopted under its id, what it is."""
    known = {
        (part.kind, part.id): part.sha256 for event in adopted for part in event.parts
    }
    for rules in sets:
        for part in rules.parts:
            first = known.get((part.kind, part.id), part.sha256)
            if first != part.sha256:
                yield (
                    f"{part.source}: {part.kind} {part.id} was changed in place:"
                    f" its text has the SHA-256 {part.sha256}, the log has {first};"
                    " put the text back, or give what is new a new version"
                )
