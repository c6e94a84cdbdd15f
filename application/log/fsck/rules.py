"""Checks that the rules that events name were adopted before, and what they say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

import msgspec
from psycopg import Connection
from psycopg.rows import tuple_row

from application.log.fsck.finding import Differs, Finding, Property
from application.log.fsck.record_rows import CheckedRow
from application.rules.adopted_rules import changes, decode_adoption
from application.rules.rule_sets import RuleSet
from domain.identity import RULES as HISTORY
from domain.policy.events import RulesAdopted

ADOPTED = "rules-adopted"


class NamedRules:
    """Follows events in the order of positions, and what was adopted among them."""

    def __init__(self) -> None:
        self.adopted: dict[bytes, RulesAdopted] = {}

    def take(self, row: CheckedRow, named: bytes | None) -> None:
        """Check the rules that the next event names. Raises Differs."""
        position, case, version = row[:3]
        if case == HISTORY and row[6] == ADOPTED:
            self._adopt(row[7] or b"", position, version)
        elif named is not None and named not in self.adopted:
            raise Differs(
                Finding(
                    property=Property.RULES,
                    said=f"names rules that nobody had adopted: {named.hex()}",
                    case=case,
                    version=version,
                    position=position,
                )
            )

    def _adopt(self, state: bytes, position: int, version: int) -> None:
        try:
            event = decode_adoption(state).event
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Differs(
                Finding(
                    property=Property.RULES,
                    said=f"the bytes adopt no rules: {error}",
                    case=HISTORY,
                    version=version,
                    position=position,
                )
            ) from None
        self.adopted[event.rules] = event


def adopted_here(connection: Connection[object]) -> NamedRules:
    """Return what has been adopted by now, for a check of one case."""
    rules = NamedRules()
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows: Sequence[tuple[int, bytes]] = cursor.execute(
            "SELECT originator_version, state FROM events WHERE originator_id = %s"
            " ORDER BY originator_version",
            (HISTORY,),
            binary=True,
        ).fetchall()
    for version, state in rows:
        rules.take((0, HISTORY, version, b"", None, None, ADOPTED, state, 0), None)
    return rules


def check_texts(
    connection: Connection[object],
    adopted: Iterable[RulesAdopted],
    sets: Iterable[RuleSet],
) -> None:
    """Check that the texts of adopted rules are what the log has the hashes of.

    Those that are kept, and those that this program would use now. Raises Differs.
    """
    adopted = tuple(adopted)
    for said in changes(adopted, sets):
        raise _differs(said)
    kept = _kept(connection)
    for event in adopted:
        for part in event.parts:
            if part.sha256 not in kept:
                raise _differs(
                    f"the text of {part.kind} {part.id} is lost or was changed"
                )
        if event.rules.hex() not in kept:
            raise _differs(f"the text of rule set {event.rules.hex()} is lost")


def _kept(connection: Connection[object]) -> set[str]:
    """Return the hashes of the texts that are kept, computed from the texts."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute("SELECT content FROM rule_texts", binary=True)
        return {sha256(content).hexdigest() for (content,) in rows}


def _differs(said: str) -> Differs:
    return Differs(Finding(property=Property.RULES, said=said))
