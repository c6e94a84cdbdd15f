"""What the log publishes: its checkpoints and verifier keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row, scalar_row

from application.log.sign.checkpoint_kind import Kind
from application.log.sign.key_file import KeyFile

# Signatures are longer than events: one of ML-DSA-44 has 2,420 bytes.
ARCHIVE_EVERY = timedelta(minutes=10)


class Published(Struct, frozen=True, kw_only=True):
    """A checkpoint as a signed note, its size, and when it was published."""

    size: int
    note: str
    at: datetime


# Never back to a smaller size. At the same size, a cosigned checkpoint is replaced when
# more witnesses have cosigned; a signed one keeps the bytes that were given out.
_PUBLISH = """
INSERT INTO log_checkpoints (kind, size, note, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (kind) DO UPDATE SET size = EXCLUDED.size, note = EXCLUDED.note,
    at = EXCLUDED.at
WHERE log_checkpoints.size < EXCLUDED.size
   OR log_checkpoints.size = EXCLUDED.size AND log_checkpoints.kind = 'cosigned'
"""

# Only archived ones up to now count: one that a fast clock has left in the future would
# otherwise hold up the next for as long.
_ARCHIVE = """
INSERT INTO log_archive (size, kind, note, at)
SELECT %(size)s, %(kind)s, %(note)s, %(at)s
WHERE NOT EXISTS (SELECT 1 FROM log_archive
    WHERE kind = %(kind)s AND at > %(at)s - %(every)s AND at <= %(at)s)
ON CONFLICT DO NOTHING
"""


def publish(connection: Connection[object], kind: Kind, one: Published) -> None:
    """Publish a checkpoint, unless a larger one is published; archive some of them."""
    with connection.transaction():
        connection.execute(_PUBLISH, (kind, one.size, one.note, one.at))
        row = {"size": one.size, "kind": kind, "note": one.note, "at": one.at}
        connection.execute(_ARCHIVE, row | {"every": ARCHIVE_EVERY})


def latest(connection: Connection[object], kind: Kind) -> Published | None:
    """Return the checkpoint of a kind that is published now, None if there is none."""
    with connection.cursor(row_factory=class_row(Published)) as cursor:
        query = "SELECT size, note, at FROM log_checkpoints WHERE kind = %s"
        return cursor.execute(query, (kind,)).fetchone()


def archived(connection: Connection[object], kind: Kind) -> list[Published]:
    """Return the archived checkpoints of a kind, the smallest first."""
    with connection.cursor(row_factory=class_row(Published)) as cursor:
        query = "SELECT size, note, at FROM log_archive WHERE kind = %s ORDER BY size"
        return cursor.execute(query, (kind,)).fetchall()


def publish_keys(connection: Connection[object], file: KeyFile) -> None:
    """Publish the verifier keys of a log that are not published yet."""
    # The lines of an endorsement: heading, origin, and the two keys that it names.
    endorsing = {
        vkey: note for note in file.endorsements for vkey in note.splitlines()[2:4]
    }
    for key in file.keys:
        vkey = file.verifier(key).vkey
        connection.execute(
            "INSERT INTO log_keys VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (vkey, key.made_at, endorsing.get(vkey)),
        )


class PublishedKey(Struct, frozen=True, kw_only=True):
    """A verifier key, and the signed note in which earlier keys endorse it."""

    vkey: str
    made_at: datetime
    endorsement: str | None


def keys(connection: Connection[object]) -> list[PublishedKey]:
    """Return the verifier keys that the log has had, the oldest first."""
    with connection.cursor(row_factory=class_row(PublishedKey)) as cursor:
        query = "SELECT vkey, made_at, endorsement FROM log_keys ORDER BY made_at, vkey"
        return cursor.execute(query).fetchall()


def log_size(connection: Connection[object]) -> int:
    """Return how many entries the log has."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        return int(cursor.execute("SELECT max(size) FROM log_batches").fetchone() or 0)
