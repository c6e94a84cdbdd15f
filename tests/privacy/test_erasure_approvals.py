"""An erasure rests on two events that the application signed, and on no row."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg
import pytest

from application.cases.disputes import Disputes
from application.log.fsck.erasure_rows import check_erasures
from application.log.fsck.finding import Differs
from application.log.sign import statement_keys
from application.log.sign.key_file import KeyFile, make_key
from application.log.sign.statement_keys import StatementKey
from application.privacy.erasure import Eraser
from application.privacy.erasure_approvals import ErasureApprovals
from application.privacy.erasure_decisions import NotRecorded, decode_decision
from application.privacy.erasure_requests import ErasureRequest
from application.record.codec import ERASED
from application.record.database import Database, connected
from application.record.statements import ApplicationKey, is_stated
from domain.identity import ERASURES, erasure_key
from domain.privacy.erasure_events import ErasureApproved, ErasureRequested
from domain.privacy.events import SubjectErased
from domain.roles import Party
from interface.bootstrap import System
from interface.run.erasure_job import eraser
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import FILING, People, full_health
from tests.privacy.ended_cases import ASKED, FACTS, YEARS, ask, erased
from tests.processes import PATIENCE

ROW = """
INSERT INTO erasures (erasure_id, platform, party, subject, basis, requested_by,
    requested_at, approved_by, approved_at)
VALUES (%s, 'shop', 'buyer', 'b-1', 'Request 7', 'v-1', now(), 'v-2', now())
"""
THEIR_KEYS = """(
    SELECT array_agg(key_id) FROM redress_keys.data_keys WHERE subject LIKE '%"b-1"%'
)"""
Forge = Callable[[System, Clock], UUID]


def by_hand(system: System, statement: str, *parameters: Any) -> None:
    """Do what the application's own role may, past the application."""
    with psycopg.connect(system.url) as connection:
        connection.execute("SET ROLE redress_app")
        connection.execute("SET search_path TO redress")
        connection.execute(statement.encode(), parameters or None)


def a_row(system: System, clock: Clock) -> UUID:
    del clock
    erasure = uuid4()
    by_hand(system, ROW, erasure)
    return erasure


def row_and_events(system: System, clock: Clock, key: ApplicationKey | None) -> UUID:
    """Put in row and events as the application does, all but its statements."""
    forger = Disputes(
        Database(system.url), system.keys, system.rulebooks, clock=clock, stating=key
    )
    wanted = ErasureRequest(
        erasure_id=uuid4(),
        platform="shop",
        party=Party.BUYER,
        subject="b-1",
        basis="Request 7",
        requested_by="v-1",
        requested_at=clock(),
    )
    approvals = ErasureApprovals(forger)
    approvals.approve(approvals.request(wanted), "v-2", clock())
    forger.close()
    return wanted.erasure_id


def another_key() -> StatementKey:
    key = make_key(statement_keys.ALGORITHMS[0], datetime.now(UTC))
    return StatementKey(KeyFile(name="elsewhere/statements", keys=(key,)))


FORGED: dict[str, tuple[Forge, str]] = {
    "a row": (a_row, "the record has no request of it"),
    "events without statements": (
        lambda system, clock: row_and_events(system, clock, None),
        "its erasure-requested is not signed by the application",
    ),
    "events that another key signed": (
        lambda system, clock: row_and_events(system, clock, another_key()),
        "its erasure-requested is not signed by the application",
    ),
}


@pytest.mark.parametrize(("forge", "said"), FORGED.values(), ids=FORGED)
def test_what_is_put_in_by_sql_erases_nobody_and_others_go_on(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
    forge: Forge,
    said: str,
) -> None:
    clock.forward(days=YEARS)
    background.catch_up()
    forged = forge(system, clock)
    # Another one that is honest, asked for later.
    asked = ask(people, subject="s-1", role="seller").json()["id"]
    path = f"/v1/erasures/{asked}"
    people.named("supervisor", "v-2").post(f"{path}/approval")
    with pytest.raises(NotRecorded, match=said) as caught:
        background.catch_up()
    assert str(forged) in str(caught.value)
    assert people.supervisor.get(path).json()["state"] == "done"
    assert ended_case.seen()["facts"] == FACTS
    assert people.buyer.get(f"/v1/disputes/{ended_case.id}/evidence/1").is_success
    events = system.disputes.find(UUID(ended_case.id)).events
    told = [one.event for one in events if isinstance(one.event, SubjectErased)]
    assert [one.party for one in told] == [Party.SELLER]
    row = eraser(system).erasures.existing(forged)
    assert (row.recorded_at, row.key_ids, row.final_at) == (None, None, None)
    with pytest.raises(NotRecorded, match=said):
        eraser(system).carry_out(row)


def test_health_names_the_erasure_that_is_not_in_the_record(
    people: People, background: Worker, clock: Clock, system: System, http: Any
) -> None:
    del people
    forged = a_row(system, clock)
    said = f"erasure {forged}: the record has no request of it"
    background.start()
    until = time.monotonic() + PATIENCE
    while said not in " ".join(full_health(http).json()["warnings"]):
        assert time.monotonic() < until
        time.sleep(0.2)
    background.stop()


EDITS = {
    "another subject": "subject = 's-1', party = 'seller'",
    "another subject of the name": "platform = 'other'",
    "another basis": "basis = 'Order 1'",
    "another who asked": "requested_by = 'v-9'",
    "another who approved": "approved_by = 'v-9'",
    "approved by nobody": "approved_by = NULL",
    "approved by who asked": "requested_by = 'V-2'",
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_row_that_differs_from_what_two_people_decided_erases_nobody(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
    edit: str,
) -> None:
    asked = approved(people, background, clock)
    by_hand(system, f"UPDATE erasures SET {edit}")
    with pytest.raises(NotRecorded, match=asked):
        background.catch_up()
    assert ended_case.seen()["facts"] == FACTS
    with connected(system.url) as connection, pytest.raises(Differs, match=asked):
        check_erasures(connection)
    # Put right, it is carried out.
    by_hand(
        system,
        "UPDATE erasures SET platform = 'shop', party = 'buyer', subject = 'b-1',"
        " basis = %s, requested_by = 'v-1', approved_by = 'v-2'",
        ASKED["basis"],
    )
    background.catch_up()
    assert ended_case.seen()["facts"] != FACTS


def approved(people: People, background: Worker, clock: Clock) -> str:
    clock.forward(days=YEARS)
    background.catch_up()
    asked = str(ask(people).json()["id"])
    path = f"/v1/erasures/{asked}/approval"
    assert people.named("supervisor", "v-2").post(path).status_code == 200
    return asked


def test_an_approval_is_used_up_by_one_erasure(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
) -> None:
    clock.forward(days=YEARS)
    done = erased(people, background)
    by_hand(
        system,
        "UPDATE erasures SET recorded_at = NULL, case_ids = NULL, key_ids = NULL,"
        " done_at = NULL, final_at = NULL",
    )
    # The person is back, with texts of which nobody has decided.
    late = FILING["order"] | {"id": "o-9", "received_at": None}
    back = people.buyer.file(order=late).json()["id"]
    people.buyer.act(back, "withdrawal", {"reason": "Settled outside."})
    clock.forward(days=YEARS)
    with pytest.raises(NotRecorded, match="the record that it is final"):
        background.catch_up()
    assert len(system.record.read(ERASURES)) == 1
    assert ended_case.seen()["facts"] == ERASED
    assert people.buyer.get(f"/v1/disputes/{back}").json()["facts"] == FACTS
    with connected(system.url) as connection, pytest.raises(Differs, match=done["id"]):
        check_erasures(connection)


def test_both_decisions_are_events_that_the_application_signed(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
) -> None:
    del ended_case
    asked = UUID(approved(people, background, clock))
    states = [one.state for one in system.record.read(erasure_key(asked))]
    first, second = map(decode_decision, states)
    assert first.event == ErasureRequested(
        erasure=asked,
        platform="shop",
        party=Party.BUYER,
        subject="b-1",
        basis=ASKED["basis"],
        requested_by="v-1",
    )
    assert second.event == ErasureApproved(erasure=asked, approved_by="v-2")
    assert (first.actor.id, second.actor.id) == ("v-1", "v-2")
    assert all(is_stated(state, system.statement_key) for state in states)


def test_a_row_that_is_not_in_the_record_is_not_approved_and_keeps_nobody_waiting(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
) -> None:
    clock.forward(days=YEARS)
    background.catch_up()
    put_in = a_row(system, clock)
    by_hand(system, "UPDATE erasures SET approved_by = NULL, approved_at = NULL")
    path = f"/v1/erasures/{put_in}"
    other = people.named("supervisor", "v-2")
    told = other.post(f"{path}/approval", Accept_Language="en")
    assert (told.status_code, told.json()["type"][-20:]) == (
        409,
        "erasure-not-recorded",
    )
    with connected(system.url) as connection, pytest.raises(Differs, match="anew"):
        check_erasures(connection)
    # Asked for anew and approved, it is carried out; the other one is refused.
    assert erased(people, background)["state"] == "done"
    refused = people.supervisor.get(path).json()
    assert refused["state"] == "refused"
    assert "the record has no request of it" in refused["refused_for"]
    assert ended_case.seen()["facts"] == ERASED
    with connected(system.url) as connection:
        check_erasures(connection)


def test_what_was_filled_in_by_hand_keeps_nobody_from_approving(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
) -> None:
    clock.forward(days=YEARS)
    background.catch_up()
    asked = ask(people).json()["id"]
    by_hand(system, "UPDATE erasures SET approved_by = 'v-9', approved_at = now()")
    with pytest.raises(NotRecorded, match="no approval of it"):
        background.catch_up()
    path = f"/v1/erasures/{asked}"
    other = people.named("supervisor", "v-2")
    assert other.post(f"{path}/approval").json()["approved_by"] == "v-2"
    background.catch_up()
    assert people.supervisor.get(path).json()["state"] == "done"
    assert ended_case.seen()["facts"] == ERASED


def test_what_was_changed_before_the_approval_is_not_approved(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
) -> None:
    clock.forward(days=YEARS)
    background.catch_up()
    asked = ask(people).json()["id"]
    by_hand(system, "UPDATE erasures SET subject = 'b-9'")
    told = people.named("supervisor", "v-2").post(f"/v1/erasures/{asked}/approval")
    assert told.status_code == 409
    by_hand(system, "UPDATE erasures SET subject = 'b-1', basis = 'Order 1'")
    assert ask(people).json()["type"].endswith("erasure-not-recorded")
    assert len(system.record.read(erasure_key(UUID(asked)))) == 1
    assert ended_case.seen()["facts"] == FACTS


@pytest.mark.parametrize("kept", ["erasures", "events"])
def test_a_request_without_its_row_and_an_erasure_without_request_are_found(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
    kept: str,
) -> None:
    del ended_case
    asked = approved(people, background, clock)
    if kept == "events":
        with psycopg.connect(system.url) as owner:
            owner.execute("DELETE FROM redress.erasures")
        said = f"{asked} is in the record, and its row is gone"
    else:
        background.catch_up()
        with psycopg.connect(system.url) as owner:
            owner.execute("ALTER TABLE redress.events DISABLE TRIGGER ALL")
            query = "DELETE FROM redress.events WHERE topic = 'erasure-approved'"
            assert owner.execute(query).rowcount == 1
        said = f"{asked} cannot be carried out: the record has no approval"
    with connected(system.url) as connection, pytest.raises(Differs, match=said):
        check_erasures(connection)


def test_a_retired_key_still_tells_what_it_signed(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
) -> None:
    asked = approved(people, background, clock)
    renewed = statement_keys.renewed(system.statement_key.file, datetime.now(UTC))
    later = Disputes(
        Database(system.url),
        system.keys,
        system.rulebooks,
        clock=clock,
        stating=StatementKey(renewed),
    )
    worker = Eraser(later, system.evidence, lambda _: [UUID(ended_case.id)])
    done = worker.carry_out(worker.erasures.existing(UUID(asked)))
    assert done.final_at is not None
    later.close()


@pytest.mark.parametrize("keys", [THEIR_KEYS, "'{}'"])
def test_a_row_that_says_it_is_done_is_not_made_final(
    background: Worker, ended_case: CaseStory, system: System, keys: str
) -> None:
    by_hand(system, ROW, uuid4())
    by_hand(
        system,
        "UPDATE erasures SET recorded_at = now(), done_at = now(), case_ids = '{}',"
        f" key_ids = {keys}",
    )
    with pytest.raises(NotRecorded, match="is not destroyed"):
        background.catch_up()
    assert not system.record.read(ERASURES)
    assert ended_case.seen()["facts"] == FACTS


def test_the_stored_form_of_decisions_stays() -> None:
    erasure = UUID(int=7)
    asked = ErasureRequested(
        erasure=erasure,
        platform="shop",
        party=Party.BUYER,
        subject="b-1",
        basis="Request 7",
        requested_by="v-1",
    )
    assert msgspec.json.encode(asked).decode() == (
        '{"type":"erasure-requested","erasure":"00000000-0000-0000-0000-000000000007",'
        '"platform":"shop","party":"buyer","subject":"b-1","basis":"Request 7",'
        '"requested_by":"v-1"}'
    )
    done = ErasureApproved(erasure=erasure, approved_by="v-2")
    assert msgspec.json.encode(done).decode() == (
        '{"type":"erasure-approved","erasure":"00000000-0000-0000-0000-000000000007",'
        '"approved_by":"v-2"}'
    )
    # With another id, no stored decision would be found.
    assert erasure_key(erasure) == UUID("9cab1368-a3b3-557e-a1d4-4dcb96dd4317")
