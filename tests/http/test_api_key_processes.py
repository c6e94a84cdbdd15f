"""API keys of the command line, in two processes over real connections."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime

import pytest

from tests.http.test_revocations import second, status
from tests.installation import Installation, installed
from tests.processes import http_client

__all__ = ["installed", "second"]

pytestmark = pytest.mark.kill


def test_a_key_holds_and_ends_in_every_process_within_a_second(
    installed: Installation, second: str
) -> None:
    processes = [installed.api, second]
    asked = (
        *("api-key", "create", "--name", "Order system", "--role", "platform"),
        *("--subject", "crm", "--platform", "shop", "--scope", "GET /v1/disputes"),
    )
    made = installed.redress(*asked)
    key = made.stdout.strip()
    assert re.fullmatch(r"rk_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}", key), made.stderr
    time.sleep(1)
    with http_client() as anyone:
        assert [status(anyone, api, key) for api in processes] == [200, 200]
        out = anyone.get(
            f"{second}/v1/notices", headers={"Authorization": f"Bearer {key}"}
        )
        assert out.status_code == 403
        time.sleep(1)
        listed = installed.redress("api-key", "list", "--json").stdout
        (shown,) = map(json.loads, listed.splitlines())
        used = datetime.fromisoformat(shown["used_at"])
        assert (datetime.now(UTC) - used).total_seconds() < 30
        assert shown["creator_role"] is None
        assert shown["created_by"]
        done = installed.redress("api-key", "revoke", key[3:15], "--reason", "lost")
        assert done.stdout == f"revoked: API key {key[3:15]}\n", done.stderr
        time.sleep(1)
        assert [status(anyone, api, key) for api in processes] == [401, 401]
    listed = installed.redress("api-key", "list", "--json").stdout
    (shown,) = map(json.loads, listed.splitlines())
    assert shown["revoked_by"] == shown["created_by"]
    assert shown["reason"] == "lost"
    assert key[3:15] in installed.redress("api-key", "list").stdout
    said = installed.log.read_bytes()
    assert key.rpartition("_")[2].encode() not in said
    told = f"refused 401 api-key-revoked GET /v1/disputes by key:{key[3:15]}=shop"
    assert told.encode() in said


REFUSED = (
    ({"--role": "mediator"}, "--role: 'mediator' is none of analyst, auditor"),
    ({"--role": "clock"}, "--role: 'clock' is none of"),
    ({"--platform": ""}, "--platform: "),
    ({"--days": "0"}, "--days: REDRESS_API_KEY_DAYS allows 1 to 366"),
    ({"--days": "367"}, "--days: REDRESS_API_KEY_DAYS allows 1 to 366"),
    ({"--scope": "nothing"}, "--scope: 'nothing' is no operation of the API"),
    ({"--subject": "a\u200bb"}, "--subject: "),
    ({"--name": " "}, "--name: has to have 1-100 visible characters"),
)


def test_what_no_key_may_be_is_refused(installed: Installation) -> None:
    given = {"--name": "n", "--role": "platform", "--subject": "crm"}
    for changed, said in REFUSED:
        options = given | {"--platform": "shop"} | changed
        words = [one for option in options.items() for one in option]
        done = installed.redress("api-key", "create", *words)
        assert done.returncode == 1, (changed, done.stdout)
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"redress: {said}"), changed


def test_a_key_that_is_none_is_not_revoked(installed: Installation) -> None:
    for one in ("0" * 12, "x", "rk_"):
        done = installed.redress("api-key", "revoke", one)
        assert done.returncode == 1
        assert "there is no such key" in done.stderr
