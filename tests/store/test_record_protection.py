"""What the record refuses: to be changed, or to take an event too large to log."""

from __future__ import annotations

import psycopg
import pytest
from msgspec.structs import replace

from application.cases.disputes import Disputes
from domain.case.command import Command
from domain.refusals import Invalid
from tests.samples import BUYER, FILE
from tests.store.test_disputes import CASE, request


def test_an_event_too_large_to_log_is_refused(disputes: Disputes) -> None:
    huge: Command = replace(FILE, facts="长" * 30_000)
    with pytest.raises(Invalid) as caught:
        disputes.handle(request(BUYER), huge)
    assert caught.value.problems[0].code == "event-too-large"
    assert disputes.find(CASE).version == 0


def test_the_record_cannot_be_changed(disputes: Disputes, url: str) -> None:
    disputes.handle(request(BUYER), FILE)
    for statement in (
        "UPDATE redress.events SET topic = 'x'",
        "DELETE FROM redress.events",
        "TRUNCATE redress.events",
        "DELETE FROM redress.requests",
        "UPDATE redress.ledger SET position = 0",
    ):
        with (
            psycopg.connect(url) as owner,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"),
        ):
            owner.execute(statement.encode())
        with (
            disputes.database.get_connection() as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission"),
        ):
            connection.execute(statement.encode())


def test_triggers_hold_even_for_replication_sessions(url: str) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("DELETE FROM redress.events")
