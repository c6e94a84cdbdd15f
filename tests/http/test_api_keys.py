"""API keys: made by persons, bounded, shown once, and refused once they are over."""

from __future__ import annotations

import logging
import re
import threading
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from litestar.testing import TestClient

from application.access import api_keys
from application.access.revocations import revoke_subject
from application.record.database import connected
from domain.roles import Role
from interface.bootstrap import System
from interface.callers.api_key_text import is_key_text, new_text, with_checksum
from interface.callers.revocation_list import RevocationList
from tests.http.conftest import FILING, People

FORM = re.compile(r"rk_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}")


def terms(**changes: Any) -> dict[str, Any]:
    ends = datetime.now(UTC) + timedelta(days=30)
    body = {
        "name": "Order system",
        "role": "platform",
        "subject": "crm",
        "expires_at": ends.isoformat(),
    }
    return {k: v for k, v in (body | changes).items() if v is not None}


def made(people: People, system: System, **changes: Any) -> dict[str, Any]:
    answer = people.supervisor.post("/v1/api-keys", terms(**changes))
    assert answer.status_code == 201, answer.text
    # What the thread of a serving process does within half a second.
    system.revoked.look()
    shown: dict[str, Any] = answer.json()
    return shown


def by(key: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Accept-Language": "en"} | more


def filed(http: TestClient[Any], key: str) -> httpx.Response:
    headers = by(key, **{"Idempotency-Key": "f", "On-Behalf-Of": "buyer"})
    answer: httpx.Response = http.post(
        "/v1/disputes", json=FILING | {"buyer": "b-1"}, headers=headers
    )
    return answer


def test_a_program_files_with_a_key_that_is_shown_once(
    http: TestClient[Any], people: People, system: System
) -> None:
    body = terms()
    first = people.supervisor.post("/v1/api-keys", body, key="k")
    again = people.supervisor.post("/v1/api-keys", body, key="k")
    other = people.supervisor.post("/v1/api-keys", terms(name="B"), key="k")
    system.revoked.look()
    key = first.json()["key"]
    assert FORM.fullmatch(key)
    assert is_key_text(key)
    assert again.json() == first.json() | {"key": None}
    assert other.json()["type"].endswith("key-reused")
    assert first.headers["Cache-Control"] == "no-store"
    case = filed(http, key)
    assert case.status_code == 201, case.text
    recorded = system.disputes.find(UUID(case.json()["id"])).events[0]
    assert (recorded.actor.role, recorded.actor.id) == (Role.PLATFORM, "crm")
    (listed,) = people.supervisor.get("/v1/api-keys").json()["items"]
    assert listed["id"] == first.json()["id"] == key[3:15]
    assert listed["created_by"] == "v-1"
    assert "key" not in listed


def test_nothing_that_is_kept_or_logged_holds_the_secret(
    http: TestClient[Any],
    people: People,
    system: System,
    caplog: pytest.LogCaptureFixture,
    url: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    key = made(people, system)["key"]
    filed(http, key)
    assert http.get("/v1/queue", headers=by(key)).status_code == 403
    assert http.get("/v1/disputes", headers=by(key[:-1] + "~")).status_code == 401
    secret = key.rpartition("_")[2]
    said = "\n".join(one.getMessage() for one in caplog.records)
    assert secret not in said
    assert f"by key:{key[3:15]}=shop/platform/crm" in said
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname LIKE 'redress%%'"
        ).fetchall()
        assert ("redress.requests",) in tables
        for (table,) in tables:
            rows = connection.execute(f"SELECT t::text FROM {table} t".encode())
            for (row,) in rows:
                assert secret not in row
                assert secret.encode().hex() not in row, table


@pytest.mark.parametrize(
    ("scopes", "allowed", "refused"),
    [
        (["fileDispute"], {"POST /v1/disputes"}, {"GET /v1/disputes"}),
        (
            ["GET /v1/disputes"],
            {"GET /v1/disputes", "GET /v1/disputes/{case}"},
            {"POST /v1/disputes", "GET /v1/notices", "GET /v1/sellers/s-1/standing"},
        ),
        (["* /v1/disputes"], {"GET /v1/disputes", "POST /v1/disputes"}, {"GET /v1/me"}),
        (
            ["GET /v1/disputes/{dispute_id}"],
            {"GET /v1/disputes/{case}"},
            {"GET /v1/disputes"},
        ),
    ],
)
def test_a_key_is_for_what_its_scopes_say(
    http: TestClient[Any],
    people: People,
    system: System,
    scopes: list[str],
    allowed: set[str],
    refused: set[str],
) -> None:
    case = people.buyer.file().json()["id"]
    key = made(people, system, scopes=scopes)["key"]
    for one in sorted(allowed | refused):
        method, _, path = one.replace("{case}", case).partition(" ")
        headers = by(key, **{"Idempotency-Key": "x", "On-Behalf-Of": "buyer"})
        answer = http.request(method, path, headers=headers, json=None)
        is_out = answer.json().get("type", "").endswith("out-of-scope")
        assert is_out == (one in refused and path != "/v1/me"), (one, answer.text)
        if is_out:
            assert answer.status_code == 403
            challenge = answer.headers["WWW-Authenticate"]
            assert challenge == 'Bearer error="insufficient_scope"'


def test_wrong_keys_are_told_apart_only_by_who_has_them(
    http: TestClient[Any], people: People, system: System
) -> None:
    def said(key: str) -> tuple[int, str]:
        answer = http.get("/v1/disputes", headers=by(key))
        return answer.status_code, answer.json().get("detail", "")

    shown = made(people, system)
    key = shown["key"]
    assert said(key)[0] == 200
    # The right id with another secret, and one that nobody ever had: one answer.
    forged = new_text()
    assert said(forged) == (401, "There is no such API key.")
    swapped = with_checksum(key[:16] + forged[16:-6])
    assert said(swapped) == (401, "There is no such API key.")
    incomplete = (401, "The API key is incomplete or mistyped.")
    for broken in (
        key[:-1],
        f"{key}0",
        f"rk_{key[3:].swapcase()}",
        "rk_",
        "rk_.a.b",
    ):
        assert said(broken) == incomplete, broken
    path = f"/v1/api-keys/{shown['id']}/revocation"
    done = people.supervisor.post(path, {"reason": "lost"})
    assert done.json()["revoked_by"] == "v-1"
    assert done.json()["reason"] == "lost"
    system.revoked.look()
    assert said(key) == (401, "The API key was revoked.")
    # Revoked once: a second time changes neither who nor when.
    again = people.supervisor.post(path, {"reason": "again"})
    assert again.json()["revoked_at"] == done.json()["revoked_at"]


def test_a_key_expires(http: TestClient[Any], system: System, url: str) -> None:
    text, now = new_text(), datetime.now(UTC)
    store(system, url, text, expires_at=now - timedelta(seconds=1))
    answer = http.get("/v1/disputes", headers=by(text))
    assert answer.status_code == 401
    assert answer.json()["detail"] == "The API key has expired."


def store(system: System, url: str, text: str, **changes: Any) -> None:
    now = datetime.now(UTC)
    fields: dict[str, Any] = {
        "number": 0,
        "key_id": text[3:15],
        "digest": system.api_keys.digest(text),
        "name": "n",
        "role": Role.PLATFORM,
        "platform": "shop",
        "subject": "crm",
        "scopes": None,
        "created_by": "op",
        "creator_role": None,
        "created_at": now - timedelta(days=1),
        "expires_at": now + timedelta(days=1),
    }
    with connected(url) as connection:
        api_keys.create(connection, api_keys.ApiKey(**(fields | changes)))
    system.revoked.look()


def test_shutting_out_a_subject_shuts_out_its_keys(
    http: TestClient[Any], people: People, system: System, url: str
) -> None:
    key = made(people, system)["key"]
    now = datetime.now(UTC)
    with connected(url) as connection:
        revoke_subject(connection, "mall", "crm", "", "op", now)
        system.revoked.look()
        assert http.get("/v1/disputes", headers=by(key)).status_code == 200
        revoke_subject(connection, "shop", "crm", "", "op", now)
    system.revoked.look()
    assert http.get("/v1/disputes", headers=by(key)).status_code == 401
    # For as long as the key lives, not only for as long as a token can.
    later = RevocationList(url, 0, system.api_keys)
    later.look()
    assert http.get("/v1/disputes", headers=by(key)).status_code == 401
    later.run(_stopped())
    # Made after that, a key holds again.
    assert made(people, system)["key"] != key


def _stopped() -> Any:
    stop = threading.Event()
    stop.set()
    return stop


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"role": "auditor"}, "/role", "role-not-granted"),
        ({"role": "regulator"}, "/role", "role-not-granted"),
        ({"role": "supervisor"}, "/role", None),
        ({"role": "buyer"}, "/role", None),
        ({"platform": "mall"}, "/platform", "not-your-platform"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at", "ends-past"),
        ({"expires_at": "2999-01-01T00:00:00Z"}, "/expires_at", "key-too-long"),
        ({"expires_at": None}, "/expires_at", None),
        ({"scopes": ["fileDispute", "nothing"]}, "/scopes/1", "no-scope"),
        ({"scopes": ["GET /v1/nothing"]}, "/scopes/0", "no-scope"),
        ({"scopes": ["GET /v1/disput"]}, "/scopes/0", "no-scope"),
        ({"scopes": ["GET /"]}, "/scopes/0", "no-scope"),
        ({"scopes": []}, "/scopes", None),
        ({"subject": "a\u200bb"}, "/subject", None),
        ({"name": "two\x00"}, "/name", None),
    ],
)
def test_a_supervisor_gives_no_more_than_they_may(
    people: People, changes: dict[str, Any], pointer: str, code: str | None
) -> None:
    answer = people.supervisor.post("/v1/api-keys", terms(**changes))
    assert answer.status_code in {400, 422}, answer.text
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == pointer
    assert code in {None, fault["code"]}


def test_a_regulator_makes_keys_for_overseers_only(
    http: TestClient[Any], people: People, system: System
) -> None:
    refused = people.regulator.post("/v1/api-keys", terms())
    assert refused.json()["errors"][0]["code"] == "role-not-granted"
    answer = people.regulator.post("/v1/api-keys", terms(role="auditor", subject="a"))
    assert answer.status_code == 201, answer.text
    system.revoked.look()
    key = answer.json()["key"]
    asked = http.get("/v1/disputes", headers=by(key, Purpose="Audit"))
    assert asked.status_code == 200
    # The key of an overseer is an overseer: its reads are recorded, by purpose.
    assert http.get("/v1/disputes", headers=by(key)).status_code == 400
    # A supervisor neither sees nor ends what is there to watch them.
    assert people.supervisor.get("/v1/api-keys").json()["items"] == []
    path = f"/v1/api-keys/{answer.json()['id']}/revocation"
    assert people.supervisor.post(path, {}).status_code == 404
    assert people.regulator.post(path, {}).status_code == 200


def test_a_key_of_another_platform_is_none(
    people: People, system: System, url: str
) -> None:
    text = new_text()
    store(system, url, text, platform="mall")
    path = f"/v1/api-keys/{text[3:15]}/revocation"
    there = people.supervisor.post(path, {})
    for nothing in ("0" * 12, "x", "a b"):
        none = people.supervisor.post(f"/v1/api-keys/{nothing}/revocation", {})
        assert none.status_code == there.status_code == 404
        assert none.json()["type"] == there.json()["type"]


def test_no_key_makes_keys(
    http: TestClient[Any], people: People, system: System, url: str
) -> None:
    text = new_text()
    store(system, url, text, role=Role.REGULATOR, platform=None)
    headers = by(text, **{"Idempotency-Key": "x"})
    for method, path in (
        ("POST", "/v1/api-keys"),
        ("GET", "/v1/api-keys"),
        ("POST", f"/v1/api-keys/{text[3:15]}/revocation"),
    ):
        answer = http.request(method, path, headers=headers, json={})
        assert answer.json()["type"].endswith("not-by-api-key"), answer.text
        assert answer.status_code == 403
    assert people.buyer.get("/v1/api-keys").status_code == 403
    assert http.get("/v1/api-keys").status_code == 401


def test_the_tables_only_grow_and_a_row_makes_no_key(
    http: TestClient[Any], people: People, system: System, url: str
) -> None:
    shown = made(people, system)
    with connected(url) as connection:
        for statement in (
            "UPDATE api_keys SET role = 'regulator'",
            "DELETE FROM api_keys",
            "DELETE FROM api_key_revocations",
            "TRUNCATE api_keys CASCADE",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())
    with psycopg.connect(url) as owner, pytest.raises(psycopg.Error):
        owner.execute("UPDATE redress.api_keys SET role = 'regulator'")
    # Whoever can write as the application has no hash of a key that they know.
    text = new_text()
    plain = sha256(text.encode()).digest()
    store(system, url, text, role=Role.REGULATOR, platform=None, digest=plain)
    assert http.get("/v1/disputes", headers=by(text)).status_code == 401
    # And a key's own hash can stand for nothing else.
    same = system.api_keys.digest(shown["key"])
    with pytest.raises(psycopg.errors.UniqueViolation):
        store(system, url, new_text(), role=Role.REGULATOR, digest=same)


def test_when_a_key_was_used_is_kept_without_a_write_for_each_request(
    http: TestClient[Any], people: People, system: System
) -> None:
    key = made(people, system)["key"]
    before = datetime.now(UTC)
    for _ in range(5):
        http.get("/v1/disputes", headers=by(key))
    # The thread of the server may have done so already.
    system.revoked.look()
    (used,) = people.supervisor.get("/v1/api-keys").json()["items"]
    at = datetime.fromisoformat(used["used_at"])
    assert before <= at <= datetime.now(UTC)
    http.get("/v1/disputes", headers=by(key))
    system.revoked.look()
    # Within a minute, nothing is written.
    assert people.supervisor.get("/v1/api-keys").json()["items"] == [used]


def test_a_platform_has_so_many_keys_at_a_time(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MOST_LIVE", 2)
    ids = [people.supervisor.post("/v1/api-keys", terms()).json()["id"]]
    people.supervisor.post("/v1/api-keys", terms())
    answer = people.supervisor.post("/v1/api-keys", terms())
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("too-many-api-keys")
    people.supervisor.post(f"/v1/api-keys/{ids[0]}/revocation", {})
    assert people.supervisor.post("/v1/api-keys", terms()).status_code == 201


def test_the_list_is_in_pages(people: People) -> None:
    names = ["a", "b", "c"]
    for name in names:
        people.supervisor.post("/v1/api-keys", terms(name=name))
    first = people.supervisor.get("/v1/api-keys", limit=2).json()
    rest = people.supervisor.get("/v1/api-keys", limit=2, cursor=first["next"]).json()
    found = [one["name"] for one in first["items"] + rest["items"]]
    assert found == names[::-1]


def test_limits_hold_for_keys_too(
    http: TestClient[Any], people: People, system: System
) -> None:
    key = made(people, system)["key"]
    headers = by(key, **{"Idempotency-Key": "x", "On-Behalf-Of": "buyer"})
    body = FILING | {"facts": "x" * 3_000_000}
    assert http.post("/v1/disputes", json=body, headers=headers).status_code == 413


def test_the_document_says_where_keys_are_taken(http: TestClient[Any]) -> None:
    document = http.get("/schema/openapi.json").json()
    schemes = document["components"]["securitySchemes"]
    assert schemes["apiKey"]["scheme"] == schemes["bearer"]["scheme"] == "bearer"

    def taken(path: str, method: str) -> list[str]:
        return [
            name for one in document["paths"][path][method]["security"] for name in one
        ]

    assert taken("/v1/disputes", "post") == ["bearer", "apiKey"]
    # Only for staff, who have no keys; and only for persons.
    assert taken("/v1/queue", "get") == ["bearer"]
    assert taken("/v1/api-keys", "post") == ["bearer"]
