"""What a buyer has typed of a filing so far: theirs alone, and sealed.

A draft is no event: nothing is recorded before the filing is sent. It is sealed under
the key of the buyer: an erasure leaves nothing of it that opens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from application.privacy.data_keys import KeyStore
from application.privacy.sealed_texts import seal, unseal
from application.record.database import Database
from domain.identity import person_key
from domain.roles import Party

MOST_CHARACTERS = 60_000
"""Of the texts of a draft together: all fields of a filing at their longest."""

MOST_DRAFTS = 20
"""Of one person: beyond these the oldest go."""

KEPT = timedelta(days=30)
"""After so long untouched, a draft is deleted when its writer saves another one."""

Texts = Mapping[str, tuple[str, ...]]

_FIND = """
SELECT key_id, sealed FROM filing_drafts
WHERE platform = %s AND person = %s AND draft = %s
"""
_ALL = """
SELECT draft, key_id, sealed, saved_at FROM filing_drafts
WHERE platform = %s AND person = %s AND saved_at >= %s ORDER BY saved_at DESC, draft
"""
_SAVE = """
INSERT INTO filing_drafts (platform, person, draft, key_id, sealed, saved_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (platform, person, draft) DO UPDATE SET key_id = EXCLUDED.key_id,
    sealed = EXCLUDED.sealed, saved_at = EXCLUDED.saved_at
"""
_DROP = """
DELETE FROM filing_drafts WHERE platform = %s AND person = %s AND draft = %s
"""
_FORGET = """
DELETE FROM filing_drafts WHERE platform = %s AND person = %s AND (saved_at < %s
    OR draft IN (SELECT o.draft FROM filing_drafts o
        WHERE o.platform = %s AND o.person = %s
        ORDER BY o.saved_at DESC, o.draft OFFSET %s))
"""


class Writer(Struct, frozen=True):
    """A buyer who writes, on their platform."""

    platform: str
    person: str

    @property
    def subject(self) -> str:
        """Return the name of the data subject that the writer is."""
        return person_key(self.platform, Party.BUYER, self.person)


class FilingDraftKept(Struct, frozen=True, kw_only=True):
    """A draft as it was saved last."""

    draft: UUID
    saved_at: datetime
    texts: Texts


class FilingDrafts(Struct, frozen=True):
    """The filings of one installation that are being written."""

    database: Database
    keys: KeyStore

    def find(self, writer: Writer, draft: UUID) -> Texts | None:
        """Return what a draft says; None if there is none that opens."""
        whose = (writer.platform, writer.person, draft)
        with self.database.get_connection() as connection:
            row = connection.execute(_FIND, whose).fetchone()
        return self._opened(writer, draft, row) if row else None

    def all(self, writer: Writer, now: datetime) -> Iterator[FilingDraftKept]:
        """Yield the drafts of a writer that are kept and open, the last saved first."""
        whose = (writer.platform, writer.person, now - KEPT)
        with self.database.get_connection() as connection:
            rows = connection.execute(_ALL, whose).fetchall()
        for row in rows:
            texts = self._opened(writer, row["draft"], row)
            if texts is not None:
                yield FilingDraftKept(
                    draft=row["draft"], saved_at=row["saved_at"], texts=texts
                )

    def _opened(
        self, writer: Writer, draft: UUID, row: Mapping[str, Any]
    ) -> Texts | None:
        cipher = self.keys.cipher(row["key_id"])
        if cipher is None:
            return None
        try:
            text = unseal(cipher, row["sealed"], _place(writer, draft))
        except ValueError:
            # Somebody has changed it in the table: it says nothing that was written.
            return None
        return msgspec.json.decode(text, type=dict[str, tuple[str, ...]])

    def save(self, writer: Writer, draft: UUID, texts: Texts, now: datetime) -> bool:
        """Save a draft, and let old ones go; tell whether it could be kept."""
        long = sum(len(one) for values in texts.values() for one in values)
        if long > MOST_CHARACTERS:
            return False
        key = self.keys.current([writer.subject])[writer.subject]
        cipher = self.keys.cipher(key)
        if cipher is None:
            return False
        written = msgspec.json.encode(texts).decode()
        sealed = seal(cipher, written, _place(writer, draft))
        who = (writer.platform, writer.person)
        with self.database.get_connection() as connection, connection.transaction():
            connection.execute(_SAVE, (*who, draft, key, sealed, now))
            connection.execute(_FORGET, (*who, now - KEPT, *who, MOST_DRAFTS))
        return True

    def drop(self, writer: Writer, draft: UUID) -> None:
        """Delete a draft, if there is one."""
        with self.database.get_connection() as connection:
            connection.execute(_DROP, (writer.platform, writer.person, draft))


def _place(writer: Writer, draft: UUID) -> str:
    return f"filing draft {draft} of {writer.person} on {writer.platform}"
