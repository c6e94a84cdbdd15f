"""Real processes: a server forgets, the command erases, and no log quotes anybody."""

from __future__ import annotations

import json
import os
import subprocess
import time
from uuid import UUID, uuid4

import psycopg
import pytest

from application.log.sign import statement_keys
from application.log.sign.statement_keys import StatementKey
from application.privacy.erasure_decisions import decode_decision
from application.privacy.redaction import RESTRICTED
from application.record.codec import ERASED
from application.record.statements import is_stated
from domain.identity import erasure_key
from domain.roles import Role
from tests.http.conftest import FILING
from tests.installation import Installation, installed
from tests.loaded_program import WORDS, ProgramProcess
from tests.privacy.canaries import MARK, found_in
from tests.processes import PATIENCE, adopted

FACTS = f"{MARK}facts of the matter"
ORDER = FILING["order"] | {"received_at": None}
ERASE = ("erase", "b-1", "--platform", "shop", "--role", "buyer")
PEOPLE = ("--basis", "Request 7", "--approver", "v-2", "--requester", "v-1")
BREACHES = (
    "ALTER TABLE redress.events ADD CONSTRAINT none CHECK (false) NOT VALID",
    "REVOKE INSERT ON redress.events FROM redress_app",
)
"""What makes the database itself refuse a row, and quote it where it may."""
APPROVED_BY_NOBODY = """
INSERT INTO redress.erasures (erasure_id, platform, party, subject, basis, requested_by,
    requested_at, approved_by, approved_at)
VALUES (%s, 'shop', 'buyer', 'b-1', 'Request 7', 'v-1', now(), 'v-2', now())
"""

__all__ = ["installed"]

pytestmark = pytest.mark.kill


def closed_case(here: Installation) -> str:
    filing = FILING | {"facts": FACTS, "contact": f"{MARK}@example.com", "order": ORDER}
    case = str(here.post("/v1/disputes", filing).json()["id"])
    body = {"reason": f"{MARK}withdrawn"}
    assert here.post(f"/v1/disputes/{case}/withdrawal", body).status_code == 200
    return case


def years_pass(here: Installation) -> None:
    body = {"advance": "P1100D"}
    assert here.post("/v1/sandbox/clock", body).status_code == 200


def test_a_running_server_forgets_within_seconds(
    installed: Installation, url: str
) -> None:
    case = closed_case(installed)
    assert installed.get(f"/v1/disputes/{case}")["facts"] == FACTS
    early = installed.redress(*ERASE, *PEOPLE, "--restrict")
    assert early.returncode == 1
    assert f"{case} is to be kept until" in early.stderr
    assert installed.get(f"/v1/disputes/{case}")["facts"] == RESTRICTED
    assert installed.get(f"/v1/disputes/{case}", Role.AUDITOR)["facts"] == FACTS
    same = installed.redress(*ERASE, *PEOPLE[:2], "--approver", "operator")
    assert "--approver: has to be another person" in same.stderr

    years_pass(installed)
    put_in = uuid4()
    with psycopg.connect(url) as connection:
        connection.execute(APPROVED_BY_NOBODY, (put_in,))
    done = installed.redress(*ERASE, *PEOPLE, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["case_ids"], told["erasure_id"] != str(put_in)) == ([case], True)
    assert decided(installed, url, told["erasure_id"]) == ["v-1", "v-2"]
    for role in (Role.MEDIATOR, Role.AUDITOR, Role.BUYER):
        assert installed.get(f"/v1/disputes/{case}", role)["facts"] == ERASED
    again = installed.redress(*ERASE, *PEOPLE)
    assert again.returncode == 1
    assert "nothing to erase" in again.stderr
    replayed = installed.redress("replay", case, "--json")
    assert not found_in(replayed.stdout.encode())
    with psycopg.connect(url) as connection:
        left = connection.execute(
            "SELECT count(*) FROM redress_keys.data_keys WHERE wrapped IS NOT NULL"
        ).fetchone()
    assert left == (0,)


def decided(here: Installation, url: str, erasure: str) -> list[str | None]:
    """Return who decided an erasure by the record; the application signed each."""
    with psycopg.connect(url) as connection:
        states = connection.execute(
            "SELECT state FROM redress.events WHERE originator_id = %s"
            " ORDER BY originator_version",
            (erasure_key(UUID(erasure)),),
        ).fetchall()
    key = StatementKey(statement_keys.read(here.home / "keys" / "statements.json"))
    assert all(is_stated(state, key) for (state,) in states)
    return [decode_decision(state).actor.id for (state,) in states]


def test_the_command_is_killed_and_the_worker_completes_it(
    installed: Installation,
) -> None:
    case = closed_case(installed)
    years_pass(installed)
    for wait in (0.2, 0.6, 1.8):
        killed = adopted(
            ProgramProcess[bytes](
                [*WORDS, *ERASE, *PEOPLE],
                env=os.environ | installed.environ,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        time.sleep(wait)
        killed.kill()
        killed.wait()
    installed.redress(*ERASE, *PEOPLE)
    until = time.monotonic() + PATIENCE
    while installed.get(f"/v1/disputes/{case}")["facts"] != ERASED:
        assert time.monotonic() < until
        time.sleep(0.2)
    history = installed.get(f"/v1/audit/disputes/{case}", Role.AUDITOR)
    kinds = [recorded["type"] for recorded in history["facts"]]
    assert kinds.count("subject-erased") == 1
    assert installed.get("/v1/erasures", Role.SUPERVISOR)["items"][0]["state"] == "done"


def test_no_log_quotes_what_was_sent(installed: Installation, url: str) -> None:
    case = closed_case(installed)
    path = f"/v1/disputes/{case}"
    installed.post(f"{path}/messages", {"text": MARK, MARK: MARK})
    installed.post(f"{path}/messages", {"text": f"{MARK}\ud800"[:-1] + "\x00"})
    installed.post(f"{path}/messages", {"text": MARK})
    with psycopg.connect(url, autocommit=True) as connection:
        for number, breach in enumerate(BREACHES, 2):
            connection.execute(breach.encode())
            order = ORDER | {"id": f"o-{number}"}
            filing = FILING | {"facts": FACTS, "order": order}
            assert installed.post("/v1/disputes", filing).status_code >= 500
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("GRANT INSERT ON redress.events TO redress_app")
        connection.execute("ALTER TABLE redress.events DROP CONSTRAINT none")
    written = installed.log.read_bytes()
    assert b"/v1/disputes" in written or b"database" in written
    assert found_in(written) == []


def test_the_doctor_finds_a_changed_entry_of_the_access_log(
    installed: Installation, url: str
) -> None:
    case = closed_case(installed)
    installed.get(f"/v1/disputes/{case}", Role.AUDITOR)
    installed.get(f"/v1/disputes/{case}", Role.AUDITOR)
    assert '"access log":"ok"' in installed.redress("doctor", "--json").stdout
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE redress.access_log DISABLE TRIGGER append_only")
        connection.execute("DELETE FROM redress.access_log WHERE number = 1")
        connection.execute(
            "ALTER TABLE redress.access_log ENABLE ALWAYS TRIGGER append_only"
        )
    found = installed.redress("doctor", "--json")
    assert found.returncode == 1
    assert '"access log":"entry 1 is missing"' in found.stdout
