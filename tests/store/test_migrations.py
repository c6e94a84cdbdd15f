"""Migrations: forward from any earlier schema, repeated safely, checked on start."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from application.record.schema.migrations import (
    JOBS,
    KEYS,
    STORE,
    Schema,
    SchemaMismatch,
    check,
    migrate,
)
from tests.postgres import Server

pytestmark = pytest.mark.store


@pytest.mark.parametrize("schema", [STORE, KEYS, JOBS])
def test_an_empty_database_is_brought_forward(server: Server, schema: Schema) -> None:
    with server.database(migrated=False) as url:
        with pytest.raises(SchemaMismatch, match="run `redress migrate`"):
            check(url, schema)
        assert len(migrate(url, schema)) == len(schema.migrations)
        assert migrate(url, schema) == ()
        check(url, schema)


def test_an_older_schema_is_brought_forward(server: Server) -> None:
    with server.database(migrated=False) as url:
        migrate(url, STORE, upto=1)
        with pytest.raises(SchemaMismatch, match="is at 1"):
            check(url, STORE)
        assert migrate(url, STORE) == (
            "redress: 0002_following.sql",
            "redress: 0003_requests.sql",
            "redress: 0004_log.sql",
            "redress: 0005_privacy.sql",
            "redress: 0006_bundles.sql",
            "redress: 0007_ids.sql",
            "redress: 0008_revocations.sql",
            "redress: 0009_filing_counts.sql",
            "redress: 0010_view_skips.sql",
            "redress: 0011_answers.sql",
            "redress: 0012_statement_keys.sql",
            "redress: 0013_from_the_record.sql",
            "redress: 0014_destruction.sql",
            "redress: 0015_rule_texts.sql",
            "redress: 0016_order_lines.sql",
            "redress: 0017_deliveries.sql",
            "redress: 0018_notice_deliveries.sql",
            "redress: 0019_api_keys.sql",
            "redress: 0020_row_security.sql",
            "redress: 0021_report_editions.sql",
            "redress: 0022_view_checksums.sql",
            "redress: 0023_settled_index.sql",
            "redress: 0024_ruling_drafts.sql",
            "redress: 0025_import_runs.sql",
            "redress: 0026_import_withdrawals.sql",
            "redress: 0027_draft_editions.sql",
            "redress: 0028_filing_drafts.sql",
        )
        check(url, STORE)


def test_a_newer_schema_is_left_alone(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO redress.migrations VALUES (99, 'later', '')")
    with pytest.raises(SchemaMismatch, match="knows only"):
        check(url, STORE)
    with pytest.raises(SchemaMismatch, match="knows only"):
        migrate(url, STORE)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("ALTER TABLE redress.events DISABLE TRIGGER append_only", "append_only"),
        ("ALTER TABLE redress.events ADD COLUMN note text", "events.note"),
        ("DROP TRIGGER append_only ON redress.ledger", "on ledger"),
        ("GRANT DELETE ON redress.events TO redress_app", "grant DELETE"),
        ("ALTER TABLE redress.ledger DROP CONSTRAINT ledger_case_key", "ledger_case"),
    ],
)
def test_a_change_by_hand_is_named(url: str, change: str, named: str) -> None:
    check(url, STORE)
    with psycopg.connect(url) as connection:
        connection.execute(change.encode())
    with pytest.raises(SchemaMismatch, match=named):
        check(url, STORE)


def test_triggers_left_off_are_told_in_a_line(url: str) -> None:
    with psycopg.connect(url) as connection:
        for table in ("events", "ledger", "log_batches", "log_tiles", "log_keys"):
            connection.execute(
                f"ALTER TABLE redress.{table} DISABLE TRIGGER ALL".encode()
            )
        connection.execute(b"ALTER TABLE redress.requests ENABLE TRIGGER append_only")
    with pytest.raises(SchemaMismatch) as raised:
        check(url, STORE)
    assert str(raised.value) == (
        "schema redress was changed by hand: trigger append_only on events is disabled;"
        " trigger append_only on ledger is disabled; trigger append_only on log_batches"
        " is disabled; and 9 more"
    )


def test_an_id_that_no_sequence_gives_is_refused(url: str) -> None:
    with (
        psycopg.connect(url) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="notification_id_check"),
    ):
        connection.execute(
            "INSERT INTO redress.events OVERRIDING SYSTEM VALUE"
            " VALUES (gen_random_uuid(), 1, 'x', 'x', -7)"
        )


def test_migrations_from_several_places_at_once_agree(server: Server) -> None:
    with server.database(migrated=False) as url:
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: migrate(url, STORE), range(4)))
        assert sorted(map(len, done)) == [0, 0, 0, len(STORE.migrations)]
        check(url, STORE)
