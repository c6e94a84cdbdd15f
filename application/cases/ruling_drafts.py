"""What a person has written of a decision so far: theirs alone, and sealed.

A draft is no event: it may be changed and deleted, and nobody else reads it. Its texts
are about the buyer, as the reasons of a ruling are, so that it is sealed under the key
of the buyer: an erasure leaves nothing of it that opens.

Each saving gives it another edition. Who has not seen the newest one is shown it before
anything takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from msgspec import Struct
from psycopg.rows import DictRow

from application.cases.case import Case
from application.privacy.data_keys import KeyStore
from application.privacy.redaction import may_read
from application.privacy.sealed_texts import seal, unseal
from application.privacy.sealing_keys import subject_of
from application.record.database import Database
from domain.roles import Actor, Party

MOST_CHARACTERS = 200_000
"""Of the texts of a draft together; a decision has up to 20 reasons."""

KEPT = timedelta(days=90)
"""After so long untouched, a draft is deleted when its writer saves another one."""

Texts = Mapping[str, tuple[str, ...]]

_FIND = """
SELECT key_id, sealed, version, saved_at, edition, written_in FROM ruling_drafts
WHERE case_id = %s AND platform = %s AND person = %s
"""
_SAVE = """
INSERT INTO ruling_drafts
    (case_id, platform, person, key_id, sealed, version, saved_at, edition, written_in)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (case_id, platform, person) DO UPDATE SET key_id = EXCLUDED.key_id,
    sealed = EXCLUDED.sealed, version = EXCLUDED.version, saved_at = EXCLUDED.saved_at,
    edition = EXCLUDED.edition, written_in = EXCLUDED.written_in
WHERE ruling_drafts.edition IS NOT DISTINCT FROM %s
"""
_DROP = """
DELETE FROM ruling_drafts WHERE case_id = %s AND platform = %s AND person = %s
"""
_FORGET = """
DELETE FROM ruling_drafts WHERE platform = %s AND person = %s AND saved_at < %s
"""


class RulingDraft(Struct, frozen=True, kw_only=True):
    """A saved draft: the texts of its form by their fields.

    `version`: that of the case when it was written; `saved_at` is in UTC. `window`: in
    which one it was written.
    """

    texts: Texts
    version: int
    saved_at: datetime
    edition: str
    window: str = ""


class Writing(Struct, frozen=True, kw_only=True):
    """What is to be saved: the texts, the window, and the edition that it has seen.

    `edition` is "" for a window that began without a draft.
    """

    texts: Texts
    window: str = ""
    edition: str = ""

    def has_seen(self, there: RulingDraft) -> bool:
        """Tell whether a draft may be replaced: it is known here, or says the same."""
        known = there.edition == self.edition
        own = bool(self.window) and there.window == self.window
        return known or own or there.texts == self.texts


class Overtaken(Exception):
    """Another window has saved a draft that this one has not seen."""

    def __init__(self, draft: RulingDraft) -> None:
        super().__init__("a newer draft is there")
        self.draft = draft


class RulingDrafts(Struct, frozen=True):
    """The drafts of one installation, each of one person on one case."""

    database: Database
    keys: KeyStore

    def find(self, case: Case, actor: Actor) -> RulingDraft | None:
        """Return a person's draft on a case; None if there is none that opens."""
        return self._opened(case, actor, self._row(case, actor))

    def save(
        self, case: Case, actor: Actor, writing: Writing, now: datetime
    ) -> RulingDraft | None:
        """Save a person's draft on a case, and return it; None if it is not kept.

        Raises Overtaken, and saves nothing, if a newer one is there.
        """
        texts = writing.texts
        long = sum(len(one) for values in texts.values() for one in values)
        if long > MOST_CHARACTERS or not _usable(case, actor):
            return None
        subject = subject_of(case.case, Party.BUYER, case.dispute)
        key = self.keys.current([subject])[subject]
        cipher = self.keys.cipher(key)
        if cipher is None:
            return None
        written = msgspec.json.encode(texts).decode()
        sealed = seal(cipher, written, _place(case.case, actor))
        before = self.refuse_overtaken(case, actor, writing)
        whose, edition = _whose(case, actor), uuid4()
        row = (*whose, key, sealed, case.version, now, edition, writing.window, before)
        with self.database.get_connection() as connection, connection.transaction():
            saved = connection.execute(_SAVE, row).rowcount
            connection.execute(_FORGET, (*whose[1:], now - KEPT))
        if not saved:
            # Another window was faster, between our look and our saving.
            return self.save(case, actor, writing, now)
        return RulingDraft(
            texts=texts,
            version=case.version,
            saved_at=now,
            edition=str(edition),
            window=writing.window,
        )

    def refuse_overtaken(
        self, case: Case, actor: Actor, writing: Writing
    ) -> UUID | None:
        """Raise Overtaken if a newer draft is there; return the edition that is there.

        One that does not open says nothing that could be lost.
        """
        row = self._row(case, actor)
        there = self._opened(case, actor, row)
        if there is not None and not writing.has_seen(there):
            raise Overtaken(there)
        return row["edition"] if row else None

    def drop(self, case: Case, actor: Actor) -> None:
        """Delete a person's draft on a case, if there is one."""
        with self.database.get_connection() as connection:
            connection.execute(_DROP, _whose(case, actor))

    def _row(self, case: Case, actor: Actor) -> DictRow | None:
        if not _usable(case, actor):
            return None
        with self.database.get_connection() as connection:
            return connection.execute(_FIND, _whose(case, actor)).fetchone()

    def _opened(
        self, case: Case, actor: Actor, row: DictRow | None
    ) -> RulingDraft | None:
        cipher = self.keys.cipher(row["key_id"]) if row else None
        if row is None or cipher is None:
            return None
        try:
            text = unseal(cipher, row["sealed"], _place(case.case, actor))
        except ValueError:
            # Somebody has changed it in the table: it says nothing that was written.
            return None
        return RulingDraft(
            texts=msgspec.json.decode(text, type=dict[str, tuple[str, ...]]),
            version=row["version"],
            saved_at=row["saved_at"],
            edition=str(row["edition"]),
            window=row["written_in"],
        )


def _usable(case: Case, actor: Actor) -> bool:
    """Tell whether a draft is kept: not while the buyer's data is only kept."""
    hidden = Party.BUYER in case.restricted and not may_read(actor, Party.BUYER)
    return actor.id is not None and not hidden


def _whose(case: Case, actor: Actor) -> tuple[UUID, str, str]:
    return case.case, case.dispute.platform or "", actor.id or ""


def _place(case: UUID, actor: Actor) -> str:
    return f"ruling draft of {actor.id} in {case}"
