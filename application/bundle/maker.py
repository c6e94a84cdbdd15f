"""Makes the bundle of a case: one zip, the same bytes for the same checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection

from application.bundle.archive import Member, member, streamed
from application.bundle.bundle_set import Listed, SetFile, pack_set
from application.bundle.decision_texts import decision_texts
from application.bundle.file_list import file_members, listed_files
from application.bundle.imported_case import ImportedCase
from application.bundle.manifest import (
    listed_statement_keys,
    pack_bundle,
    proved_members,
)
from application.bundle.redactions import opened_texts, readable_events, redactions
from application.bundle.rules_in_force import calendar_edition, rule_members
from application.bundle.timeline import Story, timeline
from application.bundle.timestamps import kept_timestamp, timestamp
from application.cases.case import Case
from application.cases.evidence_files import EvidenceFiles
from application.log.case_proofs import CaseProof, CaseProver
from application.log.format.checkpoint import parse_checkpoint
from application.log.sign import checkpoint_store, statement_keys
from application.log.sign.checkpoint_kind import Kind
from application.log.sign.statement_keys import StatementKey
from application.privacy.data_keys import KeyStore
from application.privacy.redaction import may_read
from application.record.canonical_json import canonical_json
from application.record.database import Database
from application.record.envelope import Recorded
from application.record.record import Record
from application.record.row_scope import Beyond, beyond
from application.rules.adopted_rules import AdoptedRules
from application.rules.rulebook import Rulebooks
from application.texts import LANGUAGES
from domain.deadlines.ledger import deadline_ledger
from domain.deadlines.ledger_entry import Entry
from domain.privacy.data_subjects import data_subject
from domain.roles import Actor


class BundleRequest(Struct, frozen=True, kw_only=True):
    """What a bundle holds besides what every bundle does.

    `files`: the evidence, sealed as it is stored. `opened`: texts and files in clear,
    except restricted ones that `reader` may not see (None: a person who works here).
    `stamp`: a time stamp over the checkpoint, where there is one or an authority is
    set.
    """

    files: bool = False
    opened: bool = False
    stamp: bool = True
    reader: Actor | None = None


class BundleFile(Struct, frozen=True):
    """A bundle: its bytes, the case's version, and the entries at its checkpoint."""

    archive: Member
    version: int
    log_size: int

    @property
    def digest(self) -> str:
        """Return its SHA-256 (hex)."""
        return self.archive.sha256

    @property
    def content(self) -> bytes:
        """Return its bytes at once: of a small bundle, or where memory is no matter."""
        return b"".join(self.archive.read())


class BundleMaker(Struct, frozen=True, kw_only=True):
    """Makes bundles.

    `statement_key` signs what the log does not prove; `tsa` is the URL of the
    time-stamping authority, if one is set; `kinds` are the checkpoints that may be
    shown.
    """

    database: Database
    record: Record
    keys: KeyStore
    rulebooks: Rulebooks
    adopted: AdoptedRules
    evidence: EvidenceFiles
    statement_key: StatementKey
    tsa: str | None
    kinds: Sequence[Kind]
    clock: Callable[[], datetime]

    def make(self, case: Case, request: BundleRequest) -> BundleFile:
        """Make the bundle of a case, or return the one in which it was imported.

        It holds what the log has signed of the case. Raises NotSignedYet, NotStamped,
        ProfileWrong, FileDamaged or TooLarge.
        """
        if isinstance(case, ImportedCase):
            return BundleFile(member(case.bundle), case.version, case.log_size)
        # The log proves a case by the hashes of its neighbours.
        with beyond(Beyond.LOG), self.database.get_connection() as connection:
            prover = CaseProver(connection, case.case, case.version, self.kinds)
            proof = prover.signed_part()
            signed = case.until(len(proof.events))
            members = proved_members(
                signed.states, proof, checkpoint_store.keys(connection)
            )
            members |= self._keys_of_statements(connection, proof)
            if request.stamp:
                members |= self._timestamp(connection, proof.checkpoint.note)
        members |= self._stated_members(signed, proof, request)
        packed = {name: member(body) for name, body in members.items()}
        if request.files:
            opened = _versions_to_open(signed, request)
            packed |= file_members(signed.events, self.evidence, self.keys, opened)
        archive = pack_bundle(case.case, proof, packed, self.statement_key)
        # Read once more for its digest, which its receiver is told before its bytes.
        bundle = streamed(archive.read)
        return BundleFile(bundle, signed.version, proof.checkpoint.size)

    def make_set(self, cases: Sequence[Case], request: BundleRequest) -> SetFile:
        """Make one file with the bundle of each case. Raises as `make` does."""
        found = ((case.case, self.make(case, request)) for case in cases)
        rows = ((case, Listed(one.archive, one.version)) for case, one in found)
        return pack_set(rows, self.statement_key, files=request.files)

    def _keys_of_statements(
        self, connection: Connection[Any], proof: CaseProof
    ) -> dict[str, bytes]:
        """Return the list of the keys with which the application states events."""
        checkpoint, _ = parse_checkpoint(proof.checkpoint.note)
        endorsed = statement_keys.published(connection)
        listed = listed_statement_keys(self.statement_key, endorsed, checkpoint.origin)
        return {"statement-keys.json": canonical_json(listed)}

    def _timestamp(self, connection: Connection[Any], note: str) -> dict[str, bytes]:
        """Return the checkpoint's time stamp, the same for whoever makes the bundle."""
        found = (
            kept_timestamp(connection, note)
            if self.tsa is None
            else timestamp(connection, note, self.tsa, self.clock())
        )
        return {} if found is None else {"timestamp.tsr": found}

    def _stated_members(
        self, case: Case, proof: CaseProof, request: BundleRequest
    ) -> dict[str, bytes]:
        """Return what the log does not prove: what events mean, and what they name."""
        events, keys = case.events, self.keys
        opened = _versions_to_open(case, request)
        calendar = calendar_edition(events, self.rulebooks)
        ledger = deadline_ledger(events)
        members = {
            **dict(rule_members(events, self.rulebooks, self.adopted)),
            "rules/calendar.json": canonical_json(calendar),
            "evidence.json": canonical_json(listed_files(events)),
            "deadlines.json": canonical_json(ledger),
            "redactions.json": canonical_json(redactions(events, keys, opened)),
        }
        clear = self.record.opened([one for one in events if one.version in opened])
        if request.opened:
            texts = opened_texts(events, self.record, opened)
            members["opened.json"] = canonical_json(texts)
        readable = readable_events(events, keys, clear)
        return members | dict(self._words(case, readable, ledger, proof, calendar.zone))

    def _words(
        self,
        case: Case,
        readable: Sequence[Recorded],
        ledger: Sequence[Entry],
        proof: CaseProof,
        zone: str | None,
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the reasons of decisions, and the timeline in each language."""
        codes = self.rulebooks.codes
        checkpoint, _ = parse_checkpoint(proof.checkpoint.note)
        story = Story(
            events=readable,
            dispute=case.dispute,
            ledger=ledger,
            decisions=tuple(decision_texts(readable, self.rulebooks)),
            codes=codes,
            zone=zone,
            checkpoint=checkpoint,
        )
        yield "reasons.json", canonical_json(story.decisions)
        for language in LANGUAGES:
            yield f"timeline.{language}.html", timeline(story, language)


def _versions_to_open(case: Case, request: BundleRequest) -> frozenset[int]:
    """Return the versions whose texts are opened: none of a party that is restricted.

    A restriction counts as soon as it is recorded, whether the log has signed it or
    not.
    """
    if not request.opened:
        return frozenset()
    hidden = {party for party in case.restricted if not may_read(request.reader, party)}
    return frozenset(
        one.version for one in case.events if data_subject(one.event) not in hidden
    )
