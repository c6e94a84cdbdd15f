"""Who looks at the database's sessions sees which process each is of, and what for."""

from __future__ import annotations

import psycopg
import pytest

from tests.installation import Installation, installed

__all__ = ["installed"]


def names(url: str) -> set[str]:
    with psycopg.connect(url, application_name="the test") as connection:
        rows = connection.execute(
            "SELECT DISTINCT application_name FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name <> 'the test'"
        )
        return {name for (name,) in rows}


@pytest.mark.kill
def test_every_session_says_what_it_is(url: str, installed: Installation) -> None:
    installed.get("/v1/queue")
    found = names(url)
    assert found
    assert all(one.startswith("redress serve") for one in found), found
    led = {"sequencer", "log", "signer", "auditor", "revocations", "custody"}
    views = {"views", "views, writing"}
    assert {f"redress serve {one}" for one in led | views} <= found
    # The pool, behind whose name other processes find by which days this one counts.
    assert [one for one in found if one.startswith("redress serve [")]
