"""Erasure through the API: two people, what law wants kept, and what is left."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from application.privacy.redaction import RESTRICTED
from application.record.codec import ERASED
from interface.bootstrap import System
from interface.cli.main import redress
from interface.run.worker import Worker
from interface.settings.settings import SettingError
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import FILING, People
from tests.privacy.ended_cases import ASKED, FACTS, HOLD, YEARS, ask, erased, story_on


def test_after_the_time_of_retention_a_buyer_is_erased(
    people: People,
    background: Worker,
    clock: Clock,
    ended_case: CaseStory,
    system: System,
) -> None:
    clock.forward(days=YEARS)
    done = erased(people, background)
    assert (done["state"], done["cases"], done["files"]) == ("done", 1, 1)
    shown = ended_case.seen("mediator")
    assert (shown["facts"], shown["contact"]) == (ERASED, ERASED)
    assert shown["response"]["statement"] == "It left us whole."
    assert (shown["buyer"], shown["erased"]) == ("b-1", ["buyer"])
    evidence = people.mediator.get(f"/v1/disputes/{ended_case.id}/evidence/1")
    assert evidence.status_code == 410
    assert not [one for one in system.evidence.folder.rglob("*") if one.is_file()]
    history = people.auditor.get(f"/v1/audit/disputes/{ended_case.id}")
    (recorded,) = [one for one in history.json()["facts"] if "erased" in one["type"]]
    assert recorded["actor"]["id"] == "v-1"
    assert recorded["payload"]["approver"] == "v-2"
    assert FACTS not in history.text
    replayed = people.auditor.get(f"/v1/audit/disputes/{ended_case.id}/replay")
    assert replayed.status_code == 200
    assert FACTS not in replayed.text
    again = ask(people)
    assert (again.status_code, again.json()["type"][-16:]) == (404, "nothing-to-erase")


def test_an_erased_file_is_gone_through_its_link(
    people: People, background: Worker, clock: Clock, ended_case: CaseStory
) -> None:
    clock.forward(days=YEARS)
    path = f"/v1/disputes/{ended_case.id}/evidence/1"
    mediator = people.mediator
    links = [
        mediator.get(f"{path}/link", **size).json()["href"]
        for size in ({}, {"width": 64})
    ]
    assert mediator.http.get(links[0]).status_code == 200
    erased(people, background)
    assert [mediator.http.get(one).status_code for one in links] == [410, 410]


def test_an_erased_case_is_not_reopened(
    people: People, background: Worker, clock: Clock, ended_case: CaseStory
) -> None:
    clock.forward(days=YEARS)
    erased(people, background)
    body = {"new_facts": "It broke again.", "evidence_note": "A video."}
    response = people.buyer.post(f"/v1/disputes/{ended_case.id}/reopening", body)
    assert response.status_code == 409
    assert "file a new dispute" in response.json()["detail"]


def test_who_comes_back_gets_a_new_key(
    people: People, background: Worker, clock: Clock, ended_case: CaseStory
) -> None:
    clock.forward(days=YEARS)
    erased(people, background)
    late = FILING["order"] | {"id": "o-9", "received_at": None}
    later = people.buyer.file(order=late)
    assert later.status_code == 201, later.text
    assert later.json()["facts"] == FACTS
    assert ended_case.seen()["facts"] == ERASED


def test_a_live_case_forbids_it_and_is_named(
    people: People, background: Worker, clock: Clock, ended_case: CaseStory
) -> None:
    live = story_on(people, background, clock, "o-2").id
    response = ask(people)
    assert response.status_code == 409
    codes = {(one["code"], live in one["detail"]) for one in response.json()["errors"]}
    assert ("case-live", True) in codes
    assert ended_case.seen()["facts"] == FACTS


def test_the_law_wants_it_kept_until_a_day(
    people: People, ended_case: CaseStory
) -> None:
    (fault,) = ask(people).json()["errors"]
    assert fault["code"] == "case-retained"
    assert ended_case.id in fault["detail"]
    assert "2029-03-" in fault["detail"]
    chinese = people.supervisor.post("/v1/erasures", ASKED, Accept_Language="zh")
    assert "须保存至" in chinese.json()["errors"][0]["detail"]


def test_a_hold_forbids_it_and_only_regulators_lift_their_own(
    people: People, background: Worker, clock: Clock, ended_case: CaseStory
) -> None:
    clock.forward(days=YEARS)
    background.catch_up()
    ended_case.act("regulator", "legal-holds", HOLD)
    (fault,) = ask(people).json()["errors"]
    assert (fault["code"], "Order 2026-77" in fault["detail"]) == ("case-held", True)
    lift = {"basis": "Order 2026-77 is settled"}
    ended_case.refused("supervisor", "legal-holds/1/lifting", lift)
    assert ended_case.seen()["legal_holds"][0]["basis"] == "Order 2026-77"
    assert "legal_holds" not in ended_case.seen("buyer")
    ended_case.act("regulator", "legal-holds/1/lifting", lift)
    assert erased(people, background)["state"] == "done"


def test_a_hold_between_approval_and_erasure_stops_it(
    people: People, background: Worker, clock: Clock, ended_case: CaseStory
) -> None:
    clock.forward(days=YEARS)
    background.catch_up()
    asked = ask(people).json()["id"]
    people.named("supervisor", "v-2").post(f"/v1/erasures/{asked}/approval")
    people.regulator.act(ended_case.id, "legal-holds", HOLD)
    background.catch_up()
    state = people.supervisor.get(f"/v1/erasures/{asked}").json()
    assert (state["state"], ended_case.id in state["refused_for"]) == ("refused", True)
    assert ended_case.seen()["facts"] == FACTS


def test_nobody_approves_what_he_asked_for(
    people: People, background: Worker, clock: Clock, ended_case: CaseStory
) -> None:
    del ended_case
    clock.forward(days=YEARS)
    background.catch_up()
    asked = ask(people).json()["id"]
    same = people.supervisor.post(f"/v1/erasures/{asked}/approval")
    assert same.status_code == 403
    assert same.json()["type"].endswith("same-person")
    assert people.mediator.post("/v1/erasures", ASKED).status_code == 403


@pytest.mark.parametrize(
    ("approver", "requester", "named"),
    [
        ("", "v-1", "--approver: '' is not 1-128 visible"),
        ("  ", "v-1", "--approver: '' is not 1-128 visible"),
        (" v-1", "v-1", "--approver: has to be another person"),
        ("v-1", "v-1 ", "--approver: has to be another person"),
        ("B-1", "v-1", "--approver: has to be another person"),
        ("v-2", "", "--requester: '' is not 1-128 visible"),
        ("v\n2", "v-1", "--approver: 'v.n2' holds the invisible character U.000A"),
    ],
)
def test_on_the_command_line_too_it_takes_two(
    approver: str, requester: str, named: str
) -> None:
    who = ["--approver", approver, "--requester", requester]
    basis = ["--platform", "shop", "--role", "buyer", "--basis", "Request"]
    done = CliRunner().invoke(redress, ["erase", "b-1", *basis, *who])
    assert isinstance(done.exception, SettingError | SystemExit)
    said = f"{done.exception} {done.output}"
    assert re.search(named, said), said


def test_what_has_to_be_kept_can_be_restricted(
    people: People, ended_case: CaseStory
) -> None:
    assert ask(people, restrict=True).status_code == 409
    assert ended_case.seen("mediator")["facts"] == RESTRICTED
    assert ended_case.seen("supervisor")["response"]["statement"] == "It left us whole."
    assert ended_case.seen("seller")["facts"] == RESTRICTED
    assert ended_case.seen("buyer")["facts"] == FACTS
    assert ended_case.seen("auditor")["facts"] == FACTS
    path = f"/v1/disputes/{ended_case.id}/evidence/1"
    assert people.mediator.get(path).status_code == 403
    assert people.auditor.get(path).status_code == 200
    for query in ({}, {"as_of": "1"}):
        history = people.supervisor.get(f"/v1/audit/disputes/{ended_case.id}", **query)
        assert (history.status_code, FACTS in history.text) == (200, False)
    lift = {"party": "buyer", "basis": "It was withdrawn"}
    ended_case.act("supervisor", "restriction/lifting", lift)
    assert ended_case.seen("mediator")["facts"] == FACTS
