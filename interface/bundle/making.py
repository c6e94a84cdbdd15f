"""Makes the bundle of a case: one zip, the same bytes for the same checkpoint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.bundle.decision_texts import worded
from application.bundle.file_list import exhibits, files
from application.bundle.manifest import canonical, pack_bundle, proved_members
from application.bundle.redactions import opened_texts, readable, redactions
from application.bundle.rules_in_force import edition, in_force
from application.bundle.timeline import Story, timeline
from application.bundle.timestamps import kept, stamped
from application.cases.case import Case, case_of_states
from application.log.case_proofs import CaseProof, CaseProver
from application.log.format.checkpoint import parse_checkpoint
from application.log.sign import checkpoint_store
from application.privacy.redaction import may_read
from application.record.envelope import Recorded
from application.texts import LANGUAGES
from domain.deadlines.ledger import deadline_ledger
from domain.privacy.data_subjects import data_subject
from domain.roles import Actor
from interface.bootstrap import System


class Wanted(Struct, frozen=True, kw_only=True):
    """What a bundle shall hold beside what it always does.

    `files`: the evidence, sealed as it is stored. `opened`: texts and files in clear,
    but what is only kept, which `reader` (None: who works here) may not see. Without
    `stamp` it holds no time stamp, also where an authority is named.
    """

    files: bool = False
    opened: bool = False
    stamp: bool = True
    reader: Actor | None = None


class Made(Struct, frozen=True):
    """A bundle: its bytes, and how far it goes."""

    content: bytes
    version: int
    size: int

    @property
    def digest(self) -> str:
        """Return its SHA-256 (hex)."""
        return sha256(self.content).hexdigest()


def made_or_kept(system: System, case: UUID, wanted: Wanted) -> Made:
    """Make a bundle; of a case of another log, return the one it came in."""
    own = system.disputes.find(case).events
    taken = None if own else system.shelf.find(case)
    if taken is None:
        return make(system, case, wanted)
    return Made(taken.bundle, taken.version, taken.size)


def make(system: System, case: UUID, wanted: Wanted) -> Made:
    """Make a bundle.

    Raises NotSignedYet, NotStamped, ProfileWrong, FileDamaged or TooLarge.
    """
    with system.database.get_connection() as connection:
        proof = CaseProver(connection, case).signed_part()
        stored = system.record.read(case, limit=len(proof.events))
        states = [one.state for one in stored]
        members = proved_members(states, proof, checkpoint_store.keys(connection))
        if wanted.stamp:
            members |= _stamp(system, connection, proof.checkpoint.note)
    told = case_of_states(case, states)
    members |= dict(_told(system, told, proof, wanted))
    return Made(pack_bundle(case, proof, members), told.version, proof.checkpoint.size)


def _stamp(system: System, connection: Connection[Any], note: str) -> dict[str, bytes]:
    """Return the time stamp, the same for every process that makes the bundle."""
    tsa = system.settings.log.tsa
    if tsa is None:
        found = kept(connection, note)
        return {} if found is None else {"timestamp.tsr": found}
    return {"timestamp.tsr": stamped(connection, note, tsa, system.clock())}


def _told(
    system: System, case: Case, proof: CaseProof, wanted: Wanted
) -> Iterator[tuple[str, bytes]]:
    """Yield what the log does not prove: what the events mean, and what they name."""
    facts, record, keys = case.events, system.record, system.keys
    opened = _to_open(system, case, wanted)
    yield from in_force(facts, system.rulebooks)
    calendar = edition(facts, system.rulebooks)
    yield "rules/calendar.json", canonical(calendar)
    yield "evidence.json", canonical(exhibits(facts))
    yield "deadlines.json", canonical(deadline_ledger(facts))
    yield "redactions.json", canonical(redactions(facts, keys, opened))
    if wanted.opened:
        yield "opened.json", canonical(opened_texts(facts, record, keys, opened))
    if wanted.files:
        yield from files(facts, system.evidence, keys, opened)
    said = readable(facts, record, keys, opened)
    story = _story(system, case, said, proof, calendar.zone)
    yield "reasons.json", canonical(story.reasons)
    for language in LANGUAGES:
        yield f"timeline.{language}.html", timeline(story, language)


def _to_open(system: System, case: Case, wanted: Wanted) -> frozenset[int]:
    """Return the versions whose texts are opened: none of a party that is restricted.

    What is restricted by now counts, whether the log has signed that or not.
    """
    if not wanted.opened:
        return frozenset()
    restricted = system.disputes.find(case.case).restricted
    hidden = {party for party in restricted if not may_read(wanted.reader, party)}
    return frozenset(
        fact.version for fact in case.events if data_subject(fact.event) not in hidden
    )


def _story(
    system: System,
    case: Case,
    said: Sequence[Recorded],
    proof: CaseProof,
    zone: str | None,
) -> Story:
    codes = system.rulebooks.codes
    checkpoint, _ = parse_checkpoint(proof.checkpoint.note)
    return Story(
        facts=said,
        dispute=case.dispute,
        ledger=deadline_ledger(case.events),
        reasons=tuple(worded(said, codes)),
        codes=codes,
        zone=zone,
        proved={
            "log": checkpoint.origin,
            "size": str(checkpoint.size),
            "root": checkpoint.root.hex(),
        },
    )
