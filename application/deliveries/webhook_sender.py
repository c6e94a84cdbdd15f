"""Sends one delivery, and stores what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import Connection

from application.deliveries.backoff import next_attempt
from application.deliveries.delivery import (
    TASK,
    DeliveryState,
    move_on,
    note_attempt,
    queue_of,
)
from application.deliveries.delivery_worker import DoAgain, JobKind
from application.deliveries.event_trace import event_trace
from application.deliveries.guarded_http import GuardedHttp, Outcome, Problem
from application.deliveries.signature import signed_headers
from application.deliveries.webhook import State, disable
from application.deliveries.webhook_secrets import SecretLost, WebhookSecrets
from application.privacy.data_keys import KeyStore
from application.record.database import Database
from application.telemetry.span import SpanKind
from application.telemetry.steps import step

BOUND = 8
"""Messages that one process sends to one endpoint at the same time."""

CLOSED_PAUSE = timedelta(seconds=5)

RECOVERED = timedelta(seconds=60)
"""After failing for so long, an endpoint that takes a message is sent all that waits at
once: the pauses between attempts were for a receiver that was away."""

_LOAD = """
SELECT d.state, d.tries, d.next_at, d.body, d.position, w.webhook_id, w.url,
    w.state AS endpoint, w.failing_since
FROM deliveries d JOIN webhooks w USING (webhook_id) WHERE d.delivery_id = %s
"""

_HURRY = """
WITH hurried AS (
    UPDATE deliveries SET next_at = %s WHERE webhook_id = %s AND state = 'waiting'
        AND next_at > %s
)
UPDATE redress_jobs.procrastinate_jobs SET scheduled_at = NULL
WHERE queue_name = %s AND status = 'todo' AND scheduled_at > now()
"""


class Loaded(Struct, frozen=True, kw_only=True):
    """What is needed to send a delivery; `trace` is that of the event it tells of."""

    state: str
    tries: int
    next_at: datetime | None
    body: bytes
    webhook_id: UUID
    url: str
    endpoint: State
    failing_since: datetime | None
    secrets: Sequence[str]
    trace: str | None


class WebhookSender:
    """Does the jobs of deliveries."""

    def __init__(
        self,
        database: Database,
        keys: KeyStore,
        http: GuardedHttp,
        schedule: tuple[timedelta, ...],
    ) -> None:
        self._database = database
        self._secrets = WebhookSecrets(keys)
        self._http, self._schedule = http, schedule

    @property
    def kind(self) -> JobKind:
        """Return the kind of job that this does."""
        return JobKind(TASK, self.send)

    async def send(self, delivery: str) -> None:
        """Make an attempt if it is time for one. Raises DoAgain."""
        delivery_id = UUID(delivery)
        one = await asyncio.to_thread(self._load, delivery_id)
        if one is None or one.state != DeliveryState.WAITING:
            # Ended by a process that was killed before it could say so.
            return
        now = datetime.now(UTC)
        if one.endpoint in {State.DELETED, State.DISABLED}:
            await asyncio.to_thread(self._cancel, delivery_id, one.tries, now)
            return
        if one.endpoint is not State.ACTIVE:
            raise DoAgain(now + CLOSED_PAUSE)
        if one.next_at is not None and one.next_at > now:
            raise DoAgain(one.next_at)
        outcome = await self._attempt(delivery_id, one, now)
        again = await asyncio.to_thread(self._store, delivery_id, one, outcome)
        if again is not None:
            raise DoAgain(again)

    async def _attempt(self, delivery_id: UUID, one: Loaded, now: datetime) -> Outcome:
        if not one.secrets:
            return Outcome(at=now, milliseconds=0, problem=Problem.INTERNAL)
        headers = signed_headers(delivery_id, now, one.body, one.secrets)
        with step(
            "webhook",
            [one.trace],
            SpanKind.CLIENT,
            webhook=str(one.webhook_id),
            attempt=one.tries + 1,
        ) as attempt:
            if attempt.traceparent is not None:
                headers["traceparent"] = attempt.traceparent
            outcome = await self._http.post(one.url, one.body, headers)
            attempt.has_failed = outcome.problem is not None
        return outcome

    def bounds(self) -> dict[str, int]:
        """Return the queues of the endpoints that are sent to now.

        Of those that are deleted or disabled, as long as a job is left to be cancelled.
        """
        with self._database.get_connection() as connection:
            rows = connection.execute(
                "SELECT webhook_id FROM webhooks w WHERE state = 'active'"
                " OR state IN ('deleted', 'disabled')"
                " AND EXISTS (SELECT FROM deliveries d"
                " WHERE d.webhook_id = w.webhook_id AND d.state = 'waiting')"
            ).fetchall()
        return {queue_of(row["webhook_id"]): BOUND for row in rows}

    def _load(self, delivery_id: UUID) -> Loaded | None:
        with self._database.get_connection() as connection:
            row = connection.execute(_LOAD, (delivery_id,)).fetchone()
            if row is None:
                return None
            where = row["webhook_id"], datetime.now(UTC)
            try:
                secrets = self._secrets.in_force(connection, *where)
            except SecretLost:
                secrets = []
            trace = event_trace(connection, row.pop("position"))
        known = {"endpoint": State(row["endpoint"]), "secrets": secrets, "trace": trace}
        return Loaded(**row | known)

    def _cancel(self, delivery_id: UUID, tries: int, now: datetime) -> None:
        with self._database.get_connection() as connection:
            move_on(connection, delivery_id, tries, DeliveryState.CANCELLED, now)

    def _store(
        self, delivery_id: UUID, one: Loaded, outcome: Outcome
    ) -> datetime | None:
        """Store an attempt; return when the next one is made, None for no more."""
        tries, now = one.tries + 1, datetime.now(UTC)
        state, at = self._next(outcome, tries, now)
        with self._database.get_connection() as connection, connection.transaction():
            note_attempt(connection, delivery_id, outcome)
            move_on(connection, delivery_id, tries, state, at)
            if outcome.problem is Problem.GONE:
                disable(connection, one.webhook_id, now)
            elif outcome.problem is not None:
                _failing(connection, one, now)
            elif one.failing_since is not None:
                _recovered(connection, one, now)
        # What waits for an endpoint that is gone was cancelled, this message too.
        waits = state is DeliveryState.WAITING and outcome.problem is not Problem.GONE
        return at if waits else None

    def _next(
        self, outcome: Outcome, tries: int, now: datetime
    ) -> tuple[DeliveryState, datetime]:
        if outcome.problem is None:
            return DeliveryState.DELIVERED, now
        again = next_attempt(self._schedule, tries, now, outcome.asked)
        if again is None:
            return DeliveryState.DEAD, now
        return DeliveryState.WAITING, again


def _failing(connection: Connection[Any], one: Loaded, now: datetime) -> None:
    if one.failing_since is None:
        connection.execute(
            "UPDATE webhooks SET failing_since = %s"
            " WHERE webhook_id = %s AND failing_since IS NULL",
            (now, one.webhook_id),
        )


def _recovered(connection: Connection[Any], one: Loaded, now: datetime) -> None:
    done = connection.execute(
        "UPDATE webhooks SET failing_since = NULL"
        " WHERE webhook_id = %s AND failing_since = %s",
        (one.webhook_id, one.failing_since),
    )
    # Of several that notice, one hurries the others.
    if done.rowcount and one.failing_since and now - one.failing_since > RECOVERED:
        queue = queue_of(one.webhook_id)
        connection.execute(_HURRY.encode(), (now, one.webhook_id, now, queue))
