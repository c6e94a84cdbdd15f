"""Checks the entries of a log, one after the other, as whoever reads them can."""

from __future__ import annotations

from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from application.log.build.batches import CaseHead
from application.log.format.note import KEY_ID_BYTES
from application.log.format.tree import leaf_hash
from application.log.format.verifier_keys import VerifierKey
from application.log.monitor.memory import History, Memory
from application.record.envelope import is_about_a_case
from application.record.statements import parted
from application.rules.adopted_rules import decode_adoption
from domain.case.event_order import BEGINNING, Standing, after
from domain.identity import RULES
from domain.roles import Actor

_HEAD_BEGINS = b'{"type":"case-head"'
_decode_head = msgspec.json.Decoder(CaseHead).decode


class Contradiction(Exception):
    """The log contradicts itself, or what it promises; the message says where."""


class _Kind(Struct, frozen=True):
    type: str


class _Event(Struct, frozen=True):
    """What a monitor reads of an event."""

    case: UUID
    version: int
    actor: Actor
    event: _Kind
    rules: bytes | None = None
    prev: bytes | None = None
    imported: msgspec.Raw = msgspec.Raw()


_decode_event = msgspec.json.Decoder(_Event).decode


class EntryCheck:
    """Takes a log's entries in order. `since`: the first one with a statement."""

    def __init__(
        self, memory: Memory, statement_keys: tuple[VerifierKey, ...], since: int | None
    ) -> None:
        self._memory = memory
        self._keys = {
            key.key_id: Ed25519PublicKey.from_public_bytes(key.public)
            for key in statement_keys
        }
        self.since = since
        self._after_heads = False

    def take(self, index: int, entry: bytes) -> bytes:
        """Check an entry; return its leaf hash. Raises Contradiction."""
        if entry.startswith(_HEAD_BEGINS):
            self._take_head(index, entry)
            self._after_heads = True
        else:
            self._take_event(index, entry)
        return leaf_hash(entry)

    def _take_head(self, index: int, entry: bytes) -> None:
        try:
            head = _decode_head(entry)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _wrong(index, f"no case head: {error}") from None
        known = self._memory.history(head.case.bytes)
        if known is None or not known.headless:
            raise _wrong(index, f"a head of case {head.case}, which had no event since")
        if (head.version, head.leaf) != (known.version, known.leaf):
            raise _wrong(
                index,
                f"the head says that case {head.case} has {head.version} versions;"
                f" the log holds {known.version}",
            )
        self._memory.note(
            head.case.bytes,
            History(known.version, known.leaf, known.standings, headless=False),
        )

    def _take_event(self, index: int, entry: bytes) -> None:
        try:
            event = _decode_event(entry)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _wrong(index, f"no event: {error}") from None
        self._expect_heads(index)
        self._check_statement(index, event, entry)
        self._check_rules(index, event, entry)
        standings = self._check_place(index, event)
        self._memory.note(
            event.case.bytes,
            History(event.version, leaf_hash(entry), standings, headless=True),
        )

    def _check_place(self, index: int, event: _Event) -> frozenset[Standing]:
        """Return where the case may stand after an event that belongs there."""
        known = self._memory.history(event.case.bytes)
        place = f"case {event.case}, version {event.version}"
        before = known.version if known else 0
        if event.version != before + 1:
            raise _wrong(index, f"{place}: comes after version {before}")
        if event.prev != (known.leaf if known else None):
            said = "it does not name the event before it in its case"
            raise _wrong(index, f"{place}: {said}")
        standings = known.standings if known else BEGINNING
        kind, role = event.event.type, event.actor.acts_as
        if not is_about_a_case(kind):
            return standings
        told = bool(bytes(event.imported))
        reached = after(standings, kind, role, told=told)
        if not reached:
            said = f"the lifecycle does not allow {kind!r} by {role} there"
            raise _wrong(index, f"{place}: {said}")
        return reached

    def _expect_heads(self, index: int) -> None:
        """Raise unless a batch that has ended has a head for each of its cases."""
        if not self._after_heads:
            return
        self._after_heads = False
        left = self._memory.headless()
        if left is not None:
            raise _wrong(index, f"case {UUID(bytes=left)} has no head before it")

    def _check_statement(self, index: int, event: _Event, entry: bytes) -> None:
        message, signed = parted(entry)
        place = f"case {event.case}, version {event.version}"
        if signed is None:
            if self.since is not None:
                raise _wrong(
                    index,
                    f"{place}: the application has not signed it, as it has each event"
                    f" since entry {self.since}",
                )
            return
        if not self._keys:
            return
        if not self._is_signed(message, signed):
            said = "no trusted key of the application has signed it"
            raise _wrong(index, f"{place}: {said}")
        if self.since is None:
            self.since = index

    def _is_signed(self, message: bytes, signed: bytes) -> bool:
        key = self._keys.get(signed[:KEY_ID_BYTES])
        if key is None:
            return False
        try:
            key.verify(signed[KEY_ID_BYTES:], message)
        except InvalidSignature:
            return False
        return True

    def _check_rules(self, index: int, event: _Event, entry: bytes) -> None:
        if event.case == RULES:
            try:
                self._memory.adopt([decode_adoption(entry).event.rules])
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise _wrong(index, f"adopts no rules: {error}") from None
        elif event.rules is not None and not self._memory.knows_rules(event.rules):
            raise _wrong(
                index,
                f"case {event.case}, version {event.version}: names rules that nobody"
                f" had adopted: {event.rules.hex()}",
            )


def _wrong(index: int, said: str) -> Contradiction:
    return Contradiction(f"log entry {index}: {said}")
