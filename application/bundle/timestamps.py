"""Time stamps of an authority (RFC 3161) over the log's checkpoints."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from psycopg import Connection
from psycopg.rows import scalar_row
from rfc3161_client import (
    TimeStampRequest,
    TimestampRequestBuilder,
    decode_timestamp_response,
)
from rfc3161_client.base import HashAlgorithm

from application.log.witness.http_client import Unreachable, fetch
from application.operator_error import OperatorError

QUERY = "application/timestamp-query"
GRANTED = {0, 1}


class NotStamped(OperatorError):
    """The time-stamping authority gave nothing usable; says why."""


def timestamp(
    connection: Connection[object], note: str, url: str, now: datetime
) -> bytes:
    """Return the time stamp over a checkpoint; it is asked for once, then kept.

    Raises NotStamped.
    """
    found = kept_timestamp(connection, note)
    if found is None:
        connection.execute(
            "INSERT INTO log_timestamps VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (_digest(note), ask_authority(url, note.encode()), now),
        )
        # Another process may have asked meanwhile. The first stamp is the one that all
        # bundles hold: with another they would not be the same bytes.
        found = kept_timestamp(connection, note)
    if found is None:
        raise NotStamped("the time stamp was not kept")
    return found


def kept_timestamp(connection: Connection[object], note: str) -> bytes | None:
    """Return the time stamp over a checkpoint that was asked for before, if any."""
    with connection.cursor(row_factory=scalar_row) as cursor:
        query = "SELECT response FROM log_timestamps WHERE digest = %s"
        found: bytes | None = cursor.execute(
            query, (_digest(note),), binary=True
        ).fetchone()
    return found


def ask_authority(url: str, content: bytes) -> bytes:
    """Ask an authority for a time stamp over some bytes. Raises NotStamped."""
    builder = TimestampRequestBuilder().data(content)
    request = builder.hash_algorithm(HashAlgorithm.SHA256).cert_request(
        cert_request=True
    )
    query = request.build()
    try:
        answer = fetch(url, query.as_bytes(), kind=QUERY)
    except Unreachable as error:
        raise NotStamped(f"REDRESS_TSA: {error}") from None
    if answer.status != 200:  # noqa: PLR2004 - HTTP OK
        raise NotStamped(f"REDRESS_TSA: {url}: answered {answer.status} {answer.text}")
    try:
        _check(query, answer.content)
    except ValueError as error:
        raise NotStamped(f"REDRESS_TSA: {url}: {error}") from None
    return answer.content


def _check(query: TimeStampRequest, content: bytes) -> None:
    """Raise ValueError unless an answer is a time stamp on what was asked, just now."""
    try:
        response = decode_timestamp_response(content)
    except ValueError:
        raise ValueError("the answer is no time stamp response") from None
    if response.status not in GRANTED:
        raise ValueError(f"refused with status {response.status}")
    info = response.tst_info
    if info.message_imprint.message != query.message_imprint.message:
        raise ValueError("stamped something else")
    if info.nonce != query.nonce:
        raise ValueError("answered another question")


def _digest(note: str) -> bytes:
    return sha256(note.encode()).digest()
