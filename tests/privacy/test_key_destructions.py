"""A data key that is gone without an erasure on record is named."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from litestar.testing import TestClient

from application.jobs.custody_audit import CustodyAudit
from application.log.fsck import key_destructions
from application.log.fsck.finding import Differs, Finding, Property
from application.log.fsck.key_destructions import check_destructions
from application.record.database import connected
from interface.bootstrap import System
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for, full_health
from tests.privacy.custody_rounds import a_round, by_hand
from tests.privacy.custody_rounds import found as reported
from tests.privacy.ended_cases import YEARS, ended_case, erased
from tests.test_startup_checks import redress

__all__ = ["ended_case"]

OF_SEALED = "WHERE subject LIKE '%\"b-1\"%'"
OF_UNUSED = "WHERE subject = 'another'"
BURNT = "UPDATE data_keys SET wrapped = NULL, destroyed_at = now()"
NO_ERASURE = "was destroyed, and the record tells of no erasure that covers it"
NO_ROW = "has no row any more"

EDITS = {
    "destroyed": (f"{BURNT} {OF_SEALED}", NO_ERASURE),
    "deleted": (f"DELETE FROM data_keys {OF_SEALED}", NO_ROW),
    "destroyed, of no event": (f"{BURNT} {OF_UNUSED}", NO_ERASURE),
    "destroyed as that of a bundle": (
        f"{BURNT}, subject = 'bundle:{'0' * 8}' {OF_SEALED}",
        NO_ERASURE,
    ),
}


def difference(system: System) -> Finding | None:
    try:
        with connected(system.url) as connection:
            check_destructions(connection, system.keys)
    except Differs as differs:
        return differs.finding
    return None


@pytest.mark.parametrize("batch", [1, 1_000])
@pytest.mark.parametrize("how", EDITS)
def test_a_key_that_is_gone_without_an_erasure_is_named(
    people: People,
    http: TestClient[Any],
    system: System,
    audit: CustodyAudit,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    batch: int,
) -> None:
    monkeypatch.setattr(key_destructions, "BATCH", batch)
    case = file_for(people)
    keys = system.keys.current(["another"])
    a_round(audit)
    assert difference(system) is None
    assert reported(system) is None
    statement, said = EDITS[how]
    by_hand(system, statement)
    finding = difference(system)
    assert finding is not None
    assert finding.property is Property.KEYS
    assert finding.said.endswith(said)
    if "no event" in how:
        assert str(keys["another"]) in finding.said
    else:
        assert (str(finding.case), finding.version) == (case, 1)
    a_round(audit)
    assert str(finding) in (reported(system) or "")
    assert str(finding) in " ".join(full_health(http).json()["wrong"])


PUT_IN = """
INSERT INTO erasures (erasure_id, platform, party, subject, basis, requested_by,
    requested_at, approved_by, approved_at, recorded_at, case_ids, key_ids)
SELECT gen_random_uuid(), 'shop', 'buyer', 'b-9', 'x', 'v-1', now(), 'v-2', now(),
    now(), '{}', array_agg(key_id) FROM redress_keys.data_keys
"""


def test_an_erasure_that_was_put_in_covers_no_key_of_an_event(
    people: People, system: System
) -> None:
    case = file_for(people)
    by_hand(system, f"{BURNT} {OF_SEALED}", PUT_IN)
    finding = difference(system)
    assert finding is not None
    assert finding.said.endswith(NO_ERASURE)
    assert str(finding.case) == case


UNCOVERED = {
    "without its erasure": "DELETE FROM erasures",
    "with an erasure of no key": "UPDATE erasures SET key_ids = '{}'",
    "with an erasure that is not recorded": "UPDATE erasures SET recorded_at = NULL",
}


def test_a_recorded_erasure_covers_the_keys_that_it_destroyed(
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
    assert erased(people, background)["done_at"] is not None
    assert difference(system) is None
    # Its own audit leads until then.
    background.close()
    a_round(audit)
    assert reported(system) is None
    by_hand(system, "CREATE TABLE kept AS SELECT * FROM erasures")
    # As it is between the destruction and the end of the erasure.
    by_hand(system, "UPDATE erasures SET done_at = NULL, final_at = NULL")
    assert difference(system) is None
    for statement in UNCOVERED.values():
        by_hand(system, statement)
        finding = difference(system)
        assert finding is not None
        assert finding.said.endswith(NO_ERASURE)
        with psycopg.connect(system.url) as connection:
            connection.execute("DELETE FROM redress.erasures")
            connection.execute("INSERT INTO redress.erasures TABLE redress.kept")
    assert difference(system) is None


@pytest.mark.kill
@pytest.mark.parametrize("how", EDITS)
def test_verify_names_a_key_that_is_gone(
    people: People, system: System, background: Worker, how: str
) -> None:
    file_for(people)
    system.keys.current(["another"])
    background.catch_up()
    home, url = system.settings.home, system.url
    assert redress(home, url, "verify").returncode == 0
    statement, said = EDITS[how]
    by_hand(system, statement)
    for has_file in (True, False):
        if not has_file:
            system.settings.master_key.unlink()
        done = redress(home, url, "verify")
        assert done.returncode == 1, done.stderr
        assert "data-keys: " in done.stdout
        assert said in done.stdout
