"""Requests that are no commands on a case, done once under their idempotency key."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg import Connection

from application.jobs.locks import ANSWERING
from application.record.database import Database
from domain.refusals import KeyReused

_ELSEWHERE = UUID(int=0)
"""Stands for the case of a request that concerns none."""


class KeyedAnswers:
    """The first answers of such requests, by the command id that the key stands for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def locked(self, command_id: UUID) -> Iterator[Connection[Any]]:
        """Let one request under a key go on at a time; the others wait for it."""
        with self._database.get_connection() as connection, connection.transaction():
            connection.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))",
                (ANSWERING, str(command_id)),
            )
            yield connection

    def once(self, command_id: UUID, digest: bytes, work: Callable[[], bytes]) -> bytes:
        """Do the work and return its answer; repeated, return the first answer.

        Raises KeyReused if the key was used for another request. What the work refuses
        uses no key.
        """
        with self.locked(command_id) as connection:
            row = connection.execute(
                "SELECT digest, answer FROM requests WHERE command_id = %s",
                (command_id,),
            ).fetchone()
            if row is not None:
                same = hmac.compare_digest(row["digest"], digest)
                # A command on a case has used the key, and keeps no answer.
                if not same or row["answer"] is None:
                    raise KeyReused
                return bytes(row["answer"])
            answer = work()
            connection.execute(
                "INSERT INTO requests (command_id, originator_id, digest, answer)"
                " VALUES (%s, %s, %s, %s)",
                (command_id, _ELSEWHERE, digest, answer),
            )
            return answer
