"""Revoked tokens are refused in every process, within a second."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import jwt
import psycopg
import pytest

from application.access.api_keys import last_numbers
from application.access.revocations import (
    revoke_subject,
    revoke_token,
)
from application.record.database import connected
from domain.roles import Role
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from interface.callers.revocation_list import RevocationList
from tests.installation import Installation, installed
from tests.loaded_program import WORDS, ProgramProcess, run
from tests.processes import adopted, free_port, http_client, wait_until_ready
from tests.samples import NOW

__all__ = ["installed"]

BAD_REQUEST = 400


@pytest.fixture
def second(installed: Installation) -> Iterator[str]:
    """Serve once more, in another process on the same database; yield the address."""
    port = free_port()
    environ = installed.environ | {"REDRESS_PORT": str(port)}
    server = adopted(
        ProgramProcess[bytes](
            [*WORDS, "serve"],
            env=os.environ | environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    )
    api = f"http://127.0.0.1:{port}"
    wait_until_ready(api)
    yield api
    server.terminate()
    server.wait(timeout=30)


def token(home: Path, subject: str, platform: str = "shop") -> str:
    caller = Caller(subject=subject, role=Role.MEDIATOR, platform=platform)
    return DevelopmentKey(home).token(caller, timedelta(hours=1))


def jti(text: str) -> str:
    return str(jwt.decode(text, options={"verify_signature": False})["jti"])


def status(anyone: httpx.Client, api: str, text: str) -> int:
    headers = {"Authorization": f"Bearer {text}"}
    return anyone.get(f"{api}/v1/disputes", headers=headers).status_code


@pytest.mark.kill
def test_a_revocation_holds_in_every_process_within_a_second(
    installed: Installation, second: str
) -> None:
    processes = [installed.api, second]
    gone, stays = token(installed.home, "m-1"), token(installed.home, "m-1")
    elsewhere = token(installed.home, "m-1", "mall")
    with http_client() as anyone:
        for api in processes:
            assert [status(anyone, api, one) for one in (gone, stays)] == [200, 200]
        done = installed.redress("revoke", "--jti", jti(gone), "--reason", "stolen")
        assert done.stdout == f"revoked: token {jti(gone)}\n", done.stderr
        time.sleep(1)
        for api in processes:
            assert [status(anyone, api, one) for one in (gone, stays)] == [401, 200]
        by_subject = ("revoke", "--subject", "m-1", "--platform", "shop")
        assert installed.redress(*by_subject).returncode == 0
        time.sleep(1)
        for api in processes:
            assert status(anyone, api, stays) == 401
            # The same subject of another platform is another person.
            assert status(anyone, api, elsewhere) == 200
        headers = {"Authorization": f"Bearer {stays}", "Accept-Language": "zh"}
        answer = anyone.get(f"{second}/v1/disputes", headers=headers)
        assert answer.json()["detail"] == "令牌已被吊销。"
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    listed = installed.redress("revoke", "--list").stdout
    assert "stolen" in listed
    assert "tokens of m-1, shop" in listed
    assert len(installed.redress("revoke", "--list", "--json").stdout.splitlines()) == 2
    # Who comes with a stolen token leaves a trace.
    told = rb"refused 401 revoked GET /v1/disputes by \S+/mediator/m-1"
    assert re.search(told, installed.log.read_bytes())


@pytest.mark.kill
def test_two_authorization_headers_over_a_real_connection(
    installed: Installation,
) -> None:
    # Trial G11. Test clients join what is sent twice; a server does not.
    where = urlsplit(installed.api)
    for first, other in (("m-1", "m-2"), ("m-1", "m-1")):
        connection = http.client.HTTPConnection(where.hostname or "", where.port)
        connection.putrequest("GET", "/v1/disputes")
        for subject in (first, other):
            value = f"Bearer {token(installed.home, subject)}"
            connection.putheader("Authorization", value)
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == BAD_REQUEST
        assert b"given-twice" in answer.read()
        connection.close()


@pytest.mark.kill
@pytest.mark.parametrize(
    "name", ["On-Behalf-Of", "Idempotency-Key", "If-Match", "Purpose"]
)
def test_other_headers_that_decide_come_once(
    installed: Installation, name: str
) -> None:
    where = urlsplit(installed.api)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    connection.putrequest("GET", "/v1/disputes")
    value = f"Bearer {token(installed.home, 'm-1')}"
    connection.putheader("Authorization", value)
    for one in ("buyer", "seller"):
        connection.putheader(name, one)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == BAD_REQUEST
    assert f'"pointer":"/{name}"'.encode() in answer.read()
    connection.close()


def test_revocations_are_logged_as_they_come(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    revoked = RevocationList(url, 86_400)
    with connected(url) as connection:
        revoke_token(connection, "before", "", "op", NOW.replace(year=2099))
        revoked.look()
        assert caplog.messages == []
        revoke_token(connection, "a b", "secret reason", "op", NOW.replace(year=2099))
        revoke_subject(connection, "shop", "m-1", "", "o p", NOW.replace(year=2099))
        revoked.look()
        revoked.look()
    assert caplog.messages == [
        r"revoked token a\x20b by op",
        r"revoked subject shop/m-1 by o\x20p",
    ]
    revoked.run(_stopped())


def _stopped() -> threading.Event:
    stop = threading.Event()
    stop.set()
    return stop


def test_the_list_survives_an_outage_and_sees_what_came_meanwhile(url: str) -> None:
    revoked, stop = RevocationList(url, 86_400), threading.Event()
    thread = threading.Thread(target=revoked.run, args=(stop,))
    with connected(url) as connection:
        revoke_token(connection, "a", "", "op", NOW.replace(year=2099))
        revoked.look()
        thread.start()
        assert revoked.revokes_token("a")
        server = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
        with psycopg.connect(url, autocommit=True) as owner:
            mine = (connection.info.backend_pid, owner.info.backend_pid)
            owner.execute(
                f"{server} ALL(%s) AND datname = current_database()".encode(),
                (list(mine),),
            )
        assert revoked.revokes_token("a")
        revoke_token(connection, "b", "", "op", NOW.replace(year=2099))
        until = time.monotonic() + 3
        while not revoked.revokes_token("b") and time.monotonic() < until:
            time.sleep(0.05)
        assert revoked.revokes_token("b")
        assert last_numbers(connection).revocations == 2
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM revocations")
    stop.set()
    thread.join()


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--jti", "a", "--subject", "b"),
        ("--jti", "a", "--list"),
        ("--jti", ""),
        ("--jti", "a", "--platform", "shop"),
        ("--subject", "a\u200b", "--platform", "shop"),
        ("--subject", "a", "--platform", " "),
        ("--jti", "a", "--reason", "two\nlines"),
    ],
)
def test_what_cannot_be_revoked_is_refused(arguments: tuple[str, ...]) -> None:
    done = run("revoke", *arguments)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(("redress: --", "redress: revoke: "))
