"""The feed of events: whole, in order, of one's own platform, and waited for."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from application.access.revocations import revoke_subject
from application.record.sequencer import Sequencer
from interface.api import feed_reader
from interface.api.preferences import preferred_wait
from interface.bootstrap import System
from tests.http.conftest import FILING, People, file_for

BATCH = "application/cloudevents-batch+json"


@pytest.fixture
def sequencer(system: System) -> Any:
    one = Sequencer(system.url)
    yield one
    one.close()


def ordered(sequencer: Sequencer) -> None:
    """Give events their positions."""
    while sequencer.tick():
        pass


def lines(answer: httpx.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def test_the_feed_tells_every_event_once_in_order(
    people: People, sequencer: Sequencer
) -> None:
    cases = [file_for(people, f"o-{n}") for n in range(3)]
    for case in cases:
        people.mediator.act(case, "admission", {})
    ordered(sequencer)
    told, after = [], 0
    while True:
        answer = people.platform.get("/v1/events", after=after, limit=2)
        if not (found := lines(answer)):
            break
        told += found
        after = found[-1]["position"]
        assert (
            answer.headers["Link"] == f'</v1/events?limit=2&after={after}>; rel="next"'
        )
    assert [one["position"] for one in told] == sorted(
        {one["position"] for one in told}
    )
    of_cases = {
        case: [o["type"] for o in told if o["dispute"] == case] for case in cases
    }
    assert {tuple(kinds) for kinds in of_cases.values()} == {("filed", "admitted")}


def test_no_personal_text_is_in_the_feed(people: People, sequencer: Sequencer) -> None:
    file_for(people)
    ordered(sequencer)
    text = people.analyst.get("/v1/events").text
    assert FILING["facts"] not in text
    assert FILING["contact"] not in text
    (filed,) = (json.loads(line) for line in text.splitlines())
    assert "facts" not in filed["event"]
    assert filed["event"]["category"] == "quality"


def test_each_analyst_knows_people_by_pseudonyms_of_their_own(
    people: People, sequencer: Sequencer
) -> None:
    file_for(people, "o-1")
    file_for(people, "o-2")
    ordered(sequencer)

    def known(one: Any) -> list[tuple[str, str, str]]:
        found = lines(one.get("/v1/events"))
        return [
            (told["event"]["buyer"], told["event"]["order"], told["actor"]["id"])
            for told in found
            if told["type"] == "filed"
        ]

    own = {("b-1", "o-1", "b-1"), ("b-1", "o-2", "b-1")}
    assert set(known(people.platform)) == own
    first, second = known(people.analyst), known(people.named("analyst", "a-2"))
    assert first == known(people.analyst)
    assert len({buyer for buyer, _, _ in first}) == 1
    assert all(buyer == actor for buyer, _, actor in first)
    ids = {one for of in first for one in of}
    assert not ids & {one for of in second for one in of}
    assert all(one.startswith("p-") for one in ids)
    text = people.analyst.get("/v1/events").text
    assert all(f'"{one}"' not in text for one in ("b-1", "s-1", "o-1"))


def test_another_platform_is_told_nothing_and_goes_on_behind_it(
    people: People, sequencer: Sequencer
) -> None:
    file_for(people)
    ordered(sequencer)
    other = people.named("platform", "p-1", "elsewhere")
    answer = other.get("/v1/events")
    assert lines(answer) == []
    assert answer.headers["Link"] != '</v1/events?after=0>; rel="next"'
    refused = other.get("/v1/events", platform="shop")
    assert refused.status_code == 400
    regulator = people.named("regulator", "g-1", None)
    assert len(lines(regulator.get("/v1/events"))) == 1
    assert len(lines(regulator.get("/v1/events", platform="shop"))) == 1


def test_a_platform_of_which_no_case_is_recorded_is_refused(people: People) -> None:
    file_for(people)
    for role in ("regulator", "auditor", "analyst"):
        everywhere = people.named(role, "g-1", None)
        assert lines(everywhere.get("/v1/events", platform="shop")) == []
        for accept in ("application/x-ndjson", BATCH, "text/event-stream"):
            refused = everywhere.http.get(
                "/v1/events?platform=nope",
                headers=everywhere.headers | {"Accept": accept},
            )
            assert refused.status_code == 400, (role, accept)
            (fault,) = refused.json()["errors"]
            assert (fault["pointer"], fault["code"]) == (
                *("/platform", "unknown-platform"),
            )
            assert fault["detail"].endswith("shop")
    # Who is bound to a platform is told of no other one.
    for asked in ("nope", "shop"):
        refused = people.named("analyst", "y-2", "elsewhere").get(
            "/v1/events", platform=asked
        )
        (fault,) = refused.json()["errors"]
        assert (refused.status_code, fault["code"]) == (400, "other-platform")
        assert "shop" not in refused.text.replace("platform=shop", "")


def test_a_case_that_is_none_is_refused_as_one_that_is_hidden(people: People) -> None:
    case = file_for(people)
    people.mediator.post(
        f"/v1/disputes/{case}/recusal", {"conflict": "The seller is a relative."}
    )
    none = "00000000-0000-4000-8000-000000000000"
    for reader, asked in (
        *((people.mediator, one) for one in (case, none)),
        *((people.named("platform", "p-9", "elsewhere"), one) for one in (case, none)),
        (people.analyst, none),
    ):
        refused = reader.get("/v1/events", dispute=asked)
        assert refused.status_code == 400
        (fault,) = refused.json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("/dispute", "no-dispute")
    assert lines(people.analyst.get("/v1/events", dispute=case)) == []


def test_parties_have_no_feed(people: People) -> None:
    for role in ("buyer", "seller"):
        assert getattr(people, role).get("/v1/events").status_code == 403


def test_a_kind_and_a_case_are_asked_for(people: People, sequencer: Sequencer) -> None:
    first, second = file_for(people, "o-1"), file_for(people, "o-2")
    people.mediator.act(second, "admission", {})
    ordered(sequencer)
    admitted = lines(people.platform.get("/v1/events", type="admitted"))
    assert [one["dispute"] for one in admitted] == [second]
    assert {
        one["dispute"]
        for one in lines(people.platform.get("/v1/events", dispute=first))
    } == {first}


def test_cloud_events_have_their_envelope(people: People, sequencer: Sequencer) -> None:
    case = file_for(people)
    ordered(sequencer)
    headers = people.platform.headers | {"Accept": BATCH}
    answer = people.platform.http.get("/v1/events", headers=headers)
    assert answer.headers["Content-Type"].startswith(BATCH)
    (event,) = answer.json()
    assert (event["specversion"], event["type"], event["subject"]) == (
        "1.0",
        "redress.filed",
        case,
    )
    assert event["id"] == f"{case}/1"
    assert event["source"] == "/platforms/shop"
    assert int(event["sequence"]) == event["data"]["position"]


def test_who_prefers_to_wait_is_told_as_soon_as_something_happens(
    people: People, sequencer: Sequencer
) -> None:
    answers: list[httpx.Response] = []

    def wait() -> None:
        headers = people.platform.headers | {"Prefer": "wait=20"}
        answers.append(people.platform.http.get("/v1/events", headers=headers))

    waiting = threading.Thread(target=wait)
    began = time.monotonic()
    waiting.start()
    time.sleep(0.3)
    assert not answers
    file_for(people)
    ordered(sequencer)
    waiting.join(20)
    assert time.monotonic() - began < 15
    assert [one["type"] for one in lines(answers[0])] == ["filed"]
    assert answers[0].headers["Preference-Applied"] == "wait=20"


def test_who_prefers_to_wait_for_nothing_gets_an_empty_answer_in_time(
    people: People,
) -> None:
    headers = people.platform.headers | {"Prefer": "respond-async, wait=1"}
    began = time.monotonic()
    answer = people.platform.http.get("/v1/events", headers=headers)
    assert 0.9 < time.monotonic() - began < 5
    assert lines(answer) == []


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        ("wait=5", 5),
        ("wait=90", 30),
        ("respond-async, Wait = 7", 7),
        ("return=minimal; foo", None),
        ("wait=-1", None),
        ("await=5", None),
        ("", None),
    ],
)
def test_a_preference_is_read_or_passed_over(sent: str, seconds: int | None) -> None:
    assert preferred_wait({"prefer": sent}) == seconds


def test_server_sent_events_go_on_where_the_last_one_was(
    people: People, sequencer: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_reader, "STREAM_SECONDS", 0.6)
    monkeypatch.setattr(feed_reader, "BEAT_SECONDS", 0.2)
    file_for(people, "o-1")
    ordered(sequencer)
    headers = people.supervisor.headers | {
        "Accept": "text/event-stream",
        "Last-Event-ID": "0",
    }
    answer = people.supervisor.http.get("/v1/events", headers=headers)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    begin, filed, *beats = answer.text.strip().split("\n\n")
    assert begin == "retry: 2000"
    last, kind, data = filed.splitlines()
    assert kind == "event: filed"
    assert json.loads(data.removeprefix("data: "))["version"] == 1
    assert beats
    assert set(beats) == {last}
    bad = people.supervisor.http.get(
        "/v1/events", headers=headers | {"Last-Event-ID": "x"}
    )
    assert bad.status_code == 400
    assert bad.json()["errors"][0]["code"] == "no-position"


def test_staff_is_told_nothing_of_a_case_of_their_own(
    people: People, sequencer: Sequencer
) -> None:
    mine, other = file_for(people, "o-1"), file_for(people, "o-2")
    conflict = {"conflict": "The seller is a relative."}
    people.mediator.post(f"/v1/disputes/{mine}/recusal", conflict)
    ordered(sequencer)
    told = {one["dispute"] for one in lines(people.mediator.get("/v1/events"))}
    assert told == {other}
    colleague = people.named("mediator", "m-2")
    assert {one["dispute"] for one in lines(colleague.get("/v1/events"))} == {
        mine,
        other,
    }


def test_a_request_that_waits_ends_when_its_caller_is_revoked(
    people: People, sequencer: Sequencer, system: System
) -> None:
    answers: list[httpx.Response] = []

    def wait() -> None:
        headers = people.platform.headers | {"Prefer": "wait=20"}
        answers.append(people.platform.http.get("/v1/events", headers=headers))

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.3)
    with system.database.get_connection() as connection:
        now = datetime.now(UTC)
        revoke_subject(connection, "shop", "p-1", "leaked", "op", now)
    time.sleep(1.5)
    file_for(people)
    ordered(sequencer)
    waiting.join(20)
    assert answers[0].status_code == 401, answers[0].text
    assert "revoked" in answers[0].json()["detail"]
    assert "filed" not in answers[0].text
