"""Finds every case of a data subject in the record itself.

An erasure cannot be taken back, so it goes by the events, and by no table beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import tuple_row

from application.cases.case import UnreadableCase
from application.privacy.erasure_requests import Subject
from application.record.database import Database
from domain.roles import Party

# The expressions are those of the indexes in 0013_from_the_record.sql. Without the
# indexes the answer is the same, and takes as long as reading all filings.
_FILED = """
SELECT notification_id, originator_id, state FROM events
WHERE topic = 'filed'
    AND left(substring(encode(state, 'escape') FROM '"{party}":"([^"]*)"'), 200)
        = left(encode(%(name)s, 'escape'), 200)
UNION
SELECT notification_id, originator_id, state FROM events
WHERE topic = 'filed' AND (position('\\x5c'::bytea IN state) > 0
    OR encode(state, 'escape')
        ~ '"(buyer|seller)"(\\s|:\\s)|"buyer":.*"buyer":|"seller":.*"seller":')
ORDER BY notification_id
"""
FILINGS_OF = {party: _FILED.format(party=party).encode() for party in Party}


class _Parties(Struct, frozen=True):
    platform: str
    buyer: str | None = None
    seller: str | None = None


class _Filing(Struct, frozen=True):
    event: _Parties


_decode = msgspec.json.Decoder(_Filing).decode


def cases_of(database: Database, subject: Subject) -> Sequence[UUID]:
    """Return every case of a subject, in the order of filing, from its first event on.

    Raises UnreadableCase for a filing that could be of anyone.
    """
    # The nameless party of an imported case: its only case is known.
    if subject.case is not None:
        return [subject.case]
    with database.get_connection() as connection:
        return _found(connection, subject)


def _found(connection: Connection[Any], subject: Subject) -> list[UUID]:
    # The name as it stands between the quotes of the event's bytes.
    name = msgspec.json.encode(subject.id)[1:-1]
    with connection.cursor(row_factory=tuple_row) as cursor:
        # Binary: as text, the bytes of every filing would be sent twice as long.
        rows = cursor.execute(
            FILINGS_OF[subject.party], {"name": name}, binary=True
        ).fetchall()
    return list(
        dict.fromkeys(case for _, case, state in rows if _is_of(subject, case, state))
    )


def _is_of(subject: Subject, case: UUID, state: bytes) -> bool:
    try:
        filed = _decode(state).event
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        said = f"case {case}: its filing cannot be read, nor told whose it is: {error}"
        raise UnreadableCase(said) from None
    named = filed.buyer if subject.party is Party.BUYER else filed.seller
    return named == subject.id and filed.platform == subject.platform
