"""What the owner of the tables changes by hand beside the record is found and named."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from litestar.testing import TestClient

from application.jobs.custody_audit import CustodyAudit
from application.log.fsck.erasure_rows import check_erasures
from application.log.fsck.finding import Differs, Property
from application.log.fsck.grant_rows import check_grants
from application.log.fsck.key_rows import check_keys
from application.privacy.erasure_requests import ErasureRequest, ErasureRequests
from application.privacy.final_erasures import FinalErasures, decode_final
from application.record.database import connected
from domain.identity import ERASURES
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for, full_health
from tests.privacy.custody_rounds import a_round, by_hand, found
from tests.privacy.ended_cases import YEARS, erased
from tests.test_startup_checks import redress

GRANT = {
    "reader": "a-1",
    "role": "auditor",
    "begins": "2026-03-01T00:00:00Z",
    "ends": "2026-06-01T00:00:00Z",
    "purpose": "Audit 2026-Q1",
}


SWAPPED = """
UPDATE data_keys a SET wrapped = b.wrapped, wrapped_by = b.wrapped_by
FROM data_keys b WHERE a.key_id <> b.key_id
"""
OF_A = "WHERE subject LIKE '%\"b-1\"%'"
KEY_EDITS = {
    "swapped between two rows": SWAPPED,
    "copied to another row": f"{SWAPPED} AND a.subject LIKE '%\"b-1\"%'",
    "given to another subject": f"UPDATE data_keys SET subject = 'x' {OF_A}",
    "given another id": f"UPDATE data_keys SET key_id = gen_random_uuid() {OF_A}",
    "said to be of another bucket": f"UPDATE data_keys SET wrapped_by = '5.1' {OF_A}",
    "of a key that there is not": f"UPDATE data_keys SET wrapped_by = '1' {OF_A}",
    "cut": f"UPDATE data_keys SET wrapped = substr(wrapped, 1, 20) {OF_A}",
}


@pytest.mark.parametrize("how", KEY_EDITS)
def test_a_wrapped_key_opens_in_its_own_row_only(
    people: People,
    http: TestClient[Any],
    system: System,
    audit: CustodyAudit,
    how: str,
) -> None:
    case = file_for(people)
    system.keys.current(["another"])
    a_round(audit)
    assert found(system) is None
    assert check_keys(system.keys) == 2
    by_hand(system, KEY_EDITS[how])
    with pytest.raises(Differs) as caught:
        check_keys(system.keys)
    assert caught.value.finding.property is Property.KEYS
    a_round(audit)
    problem = found(system)
    assert problem is not None
    assert "data key" in problem
    assert problem in " ".join(full_health(http).json()["wrong"])
    if "another id" not in how:
        system.keys.forget()
        answer = people.buyer.get(f"/v1/disputes/{case}")
        assert answer.status_code == 500
        assert answer.json()["type"] == "urn:redress:problem:key-unusable"


def grant(people: People) -> str:
    answer = people.supervisor.post("/v1/audit/grants", GRANT)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


REVIVED = """
UPDATE access_grants SET revoked_at = NULL, revoked_by = NULL
WHERE revoked_at IS NOT NULL
"""
PUT_IN = """
INSERT INTO access_grants SELECT gen_random_uuid(), platform, 'a-9', role, begins, ends,
    purpose, case_ids, given_by, given_at FROM access_grants LIMIT 1
"""
GRANT_EDITS = {
    "made longer": ("UPDATE access_grants SET ends = ends + interval '1 day'", "ends"),
    "for another": ("UPDATE access_grants SET reader = 'a-9'", "reader"),
    "revived": (REVIVED, "revoked_by, revoked_at"),
    "deleted": (
        "DELETE FROM access_grants WHERE revoked_at IS NULL",
        "its row is gone",
    ),
    "put in": (PUT_IN, "is not in the access log"),
}


@pytest.mark.parametrize("content", [None, b"", b'{"current": "1", "keys": {'])
def test_a_key_file_that_is_lost_or_half_written_is_named_by_a_running_worker(
    people: People, system: System, audit: CustodyAudit, content: bytes | None
) -> None:
    file_for(people)
    path = system.settings.master_key
    whole = path.read_bytes()
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    a_round(audit)
    said = found(system)
    assert said is not None
    assert str(path) in said
    path.write_bytes(whole)
    a_round(audit)
    assert found(system) is None


@pytest.mark.parametrize("how", GRANT_EDITS)
def test_a_grant_that_was_changed_by_hand_is_named(
    people: People, system: System, audit: CustodyAudit, how: str
) -> None:
    kept, ended = grant(people), grant(people)
    path = f"/v1/audit/grants/{ended}/revocation"
    assert people.supervisor.post(path).status_code in {200, 201}
    a_round(audit)
    assert found(system) is None
    statement, said = GRANT_EDITS[how]
    by_hand(system, statement)
    with connected(system.url) as connection, pytest.raises(Differs) as caught:
        check_grants(connection)
    assert caught.value.finding.property is Property.GRANTS
    assert said in caught.value.finding.said
    assert how == "put in" or any(one in str(caught.value) for one in (kept, ended))
    a_round(audit)
    assert said in (found(system) or "")


DONE = """
INSERT INTO erasures SELECT gen_random_uuid(), platform, party, 'b-7', basis,
    requested_by, requested_at, approved_by, approved_at, NULL, NULL, NULL, NULL, 0,
    done_at, final_at FROM erasures
"""
ERASURE_EDITS = {
    "another basis": ("UPDATE erasures SET basis = 'Order 1'", "basis"),
    "another approver": ("UPDATE erasures SET approved_by = 'v-9'", "approved_by"),
    "another who asked": ("UPDATE erasures SET requested_by = 'v-9'", "requested_by"),
    "of another party": ("UPDATE erasures SET party = 'seller'", "party"),
    "of fewer cases": ("UPDATE erasures SET case_ids = '{}'", "case_ids"),
    "of other keys": ("UPDATE erasures SET key_ids = '{}'", "other keys"),
    "not final": ("UPDATE erasures SET final_at = NULL", "final"),
    "final earlier": (
        "UPDATE erasures SET final_at = final_at - interval '1 year'",
        "another time",
    ),
    "never recorded": (
        "UPDATE erasures SET recorded_at = NULL",
        "recorded_at, refused_for",
    ),
    "deleted": ("DELETE FROM erasures", "its row is gone"),
    "put in as done": (DONE, "the record has nothing of it"),
}


def test_an_erasure_that_was_changed_by_hand_is_named(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
    audit: CustodyAudit,
) -> None:
    del ended_case
    clock.forward(days=YEARS)
    background.catch_up()
    done = erased(people, background)
    assert done["final_at"] == done["done_at"] is not None
    # Its own audit leads until then.
    background.close()
    a_round(audit)
    assert found(system) is None
    for statement, said in ERASURE_EDITS.values():
        with psycopg.connect(system.url) as connection:
            kept = connection.execute("SELECT * FROM redress.erasures").fetchall()
        by_hand(system, statement)
        with connected(system.url) as connection, pytest.raises(Differs) as caught:
            check_erasures(connection)
        assert caught.value.finding.property is Property.ERASURES
        assert said in caught.value.finding.said
        with psycopg.connect(system.url) as connection:
            connection.execute("DELETE FROM redress.erasures")
            marks = ", ".join(["%s"] * len(kept[0]))
            query = f"INSERT INTO redress.erasures VALUES ({marks})"
            connection.execute(query.encode(), kept[0])
    a_round(audit)
    assert found(system) is None


def test_what_an_earlier_version_has_erased_becomes_final(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
) -> None:
    del ended_case
    clock.forward(days=YEARS)
    background.catch_up()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FinalErasures, "make", done_as_before)
        patch.setattr(ErasureRequests, "unfinal", lambda _: [])
        before = erased(people, background)
    assert before["state"] == "done"
    assert before["final_at"] is None
    background.catch_up()
    after = people.supervisor.get(f"/v1/erasures/{before['id']}").json()
    assert after["final_at"] is not None
    assert after["done_at"] == before["done_at"]
    (final,) = system.record.read(ERASURES)
    assert str(decode_final(final.state).event.erasure) == before["id"]


def done_as_before(self: FinalErasures, erasure: ErasureRequest) -> ErasureRequest:
    """Finish an erasure as earlier versions have done; those that are done stay so."""
    database = self._erasures.database
    with database.get_connection() as connection:
        connection.execute(
            "UPDATE erasures SET done_at = %s WHERE erasure_id = %s",
            (erasure.requested_at, erasure.erasure_id),
        )
    return erasure


@pytest.mark.kill
def test_verify_names_what_was_changed_beside_the_record(
    people: People, system: System, background: Worker
) -> None:
    file_for(people)
    system.keys.current(["another"])
    given = grant(people)
    background.catch_up()
    home, url = system.settings.home, system.url
    whole = redress(home, url, "verify")
    assert whole.returncode == 0, whole.stderr
    assert "2 data keys opened" in whole.stdout
    by_hand(system, SWAPPED)
    found = redress(home, url, "verify")
    assert (found.returncode, "data-keys: data key" in found.stdout) == (1, True)
    by_hand(system, "UPDATE access_grants SET reader = 'a-9'")
    found = redress(home, url, "verify")
    assert found.returncode == 1
    assert (
        f"grants: grant {given} is not as the access log says: reader" in found.stdout
    )
