"""What a person has written of a decision so far: theirs alone, and sealed.

A draft is no event: it may be changed and deleted, and nobody else reads it. Its texts
are about the buyer, as the reasons of a ruling are, so that it is sealed under the key
of the buyer: an erasure leaves nothing of it that opens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

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
SELECT key_id, sealed, version, saved_at FROM ruling_drafts
WHERE case_id = %s AND platform = %s AND person = %s
"""
_SAVE = """
INSERT INTO ruling_drafts
    (case_id, platform, person, key_id, sealed, version, saved_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (case_id, platform, person) DO UPDATE SET key_id = EXCLUDED.key_id,
    sealed = EXCLUDED.sealed, version = EXCLUDED.version, saved_at = EXCLUDED.saved_at
"""
_DROP = """
DELETE FROM ruling_drafts WHERE case_id = %s AND platform = %s AND person = %s
"""
_FORGET = """
DELETE FROM ruling_drafts WHERE platform = %s AND person = %s AND saved_at < %s
"""


class RulingDraft(Struct, frozen=True, kw_only=True):
    """A saved draft: the texts of its form by their fields.

    `version`: that of the case when it was written; `saved_at` is in UTC.
    """

    texts: Texts
    version: int
    saved_at: datetime


class RulingDrafts(Struct, frozen=True):
    """The drafts of one installation, each of one person on one case."""

    database: Database
    keys: KeyStore

    def find(self, case: Case, actor: Actor) -> RulingDraft | None:
        """Return a person's draft on a case; None if there is none that opens."""
        if not _usable(case, actor):
            return None
        with self.database.get_connection() as connection:
            row = connection.execute(_FIND, _whose(case, actor)).fetchone()
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
        )

    def save(self, case: Case, actor: Actor, texts: Texts, now: datetime) -> bool:
        """Save a person's draft on a case; tell whether it could be kept."""
        long = sum(len(one) for values in texts.values() for one in values)
        if long > MOST_CHARACTERS or not _usable(case, actor):
            return False
        subject = subject_of(case.case, Party.BUYER, case.dispute)
        key = self.keys.current([subject])[subject]
        cipher = self.keys.cipher(key)
        if cipher is None:
            return False
        written = msgspec.json.encode(texts).decode()
        sealed = seal(cipher, written, _place(case.case, actor))
        whose = _whose(case, actor)
        with self.database.get_connection() as connection, connection.transaction():
            connection.execute(_SAVE, (*whose, key, sealed, case.version, now))
            connection.execute(_FORGET, (*whose[1:], now - KEPT))
        return True

    def drop(self, case: Case, actor: Actor) -> None:
        """Delete a person's draft on a case, if there is one."""
        with self.database.get_connection() as connection:
            connection.execute(_DROP, _whose(case, actor))


def _usable(case: Case, actor: Actor) -> bool:
    """Tell whether a draft is kept: not while the buyer's data is only kept."""
    hidden = Party.BUYER in case.restricted and not may_read(actor, Party.BUYER)
    return actor.id is not None and not hidden


def _whose(case: Case, actor: Actor) -> tuple[UUID, str, str]:
    return case.case, case.dispute.platform or "", actor.id or ""


def _place(case: UUID, actor: Actor) -> str:
    return f"ruling draft of {actor.id} in {case}"
