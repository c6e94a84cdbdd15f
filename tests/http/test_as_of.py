"""Time travel: a case as it was by version, time, position or kind of fact."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from interface.bootstrap import System, wire
from interface.cli import difference, replay
from interface.cli.case_lookup import found, known_then
from interface.cli.main import redress
from interface.run.worker import Worker
from interface.settings.settings import SettingError
from tests.conftest import Clock
from tests.http import lasting
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for

LATE = {"note": "Late, sorry."}


url = lasting.url
clock = lasting.clock
home = lasting.home
system = lasting.system
http = lasting.http
people = lasting.people
background = lasting.background


@pytest.fixture(scope="module")
def late(people: People, background: Worker, clock: Clock) -> str:
    """Filed on the second; the limit ended on the third, which was noted on the fifth.

    1 filed, 2 deadline-missed, 3 admitted, 4 notice-served.
    """
    file_for(people, order="another")
    filed = file_for(people)
    clock.forward(days=3)
    people.mediator.act(filed, "admission", LATE)
    background.catch_up()
    return filed


@pytest.mark.parametrize(
    ("query", "versions"),
    [
        ({"as_of": "2026-03-04T00:00:00Z"}, [1]),
        ({"as_of": "2026-03-04T00:00:00Z", "by": "at"}, [1, 2]),
        ({"as_of": "2026-03-06T00:00:00Z", "by": "at"}, [1, 2, 3, 4]),
        ({"as_of": "3", "by": "at"}, [1, 2, 3]),
        ({"as_of": "deadline-missed"}, [1, 2]),
        ({"as_of": "position:3"}, [1]),
        ({"as_of": "position:999"}, [1, 2, 3, 4]),
    ],
)
def test_every_view_of_a_case_as_it_was(
    people: People, late: str, query: dict[str, str], versions: list[int]
) -> None:
    path = f"/v1/audit/disputes/{late}"
    history = people.auditor.get(path, **query)
    assert [recorded["version"] for recorded in history.json()["facts"]] == versions
    lines = people.auditor.get(f"{path}/replay", **query).text.splitlines()
    assert [json.loads(line)["version"] for line in lines] == versions
    case = people.auditor.get(f"{path}/case", **query)
    assert case.json()["version"] == versions[-1]
    assert case.headers["etag"] == history.headers["etag"] == f'"{versions[-1]}"'


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"as_of": "position:1"}, 404),
        ({"as_of": "ruled"}, 404),
        ({"as_of": "position:x"}, 400),
        ({"as_of": "no-such-kind"}, 400),
        ({"as_of": "1", "by": "noted"}, 400),
        ({"as_of": "1", "from": "1"}, 400),
    ],
)
def test_moments_that_are_none(
    people: People, late: str, query: dict[str, str], status: int
) -> None:
    for part in ("", "/replay", "/case"):
        answer = people.auditor.get(f"/v1/audit/disputes/{late}{part}", **query)
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("as_of", "kind", "said"),
    [
        ("0", "not-known-then", "first event was recorded at 2026-03-02T02:00:00Z"),
        ("2020-01-01T00:00:00Z", "not-known-then", "Nothing was known"),
        ("suspended", "never-happened", "no event of the kind suspended"),
        ("nonsense", "malformed", "nonsense is no kind of event; there are filed"),
    ],
)
def test_why_there_is_no_such_moment_is_said(
    people: People, late: str, system: System, as_of: str, kind: str, said: str
) -> None:
    answer = people.auditor.get(f"/v1/audit/disputes/{late}/case", as_of=as_of)
    assert answer.json()["type"] == f"urn:redress:problem:{kind}"
    assert said in answer.text
    with pytest.raises(SettingError, match="--as-of: "):
        known_then(system, found(system, UUID(late)), "--as-of", as_of, "at")


def test_what_never_happened_is_no_moment_to_compare_with(
    people: People, late: str
) -> None:
    path = f"/v1/audit/disputes/{late}/difference"
    for query in ({"from": "suspended", "to": "3"}, {"from": "1", "to": "suspended"}):
        answer = people.auditor.get(path, **query)
        assert answer.json()["type"] == "urn:redress:problem:never-happened"


def test_in_the_past_there_is_nothing_to_do(people: People, late: str) -> None:
    path = f"/v1/audit/disputes/{late}/case"
    assert people.supervisor.get(path).json()["actions"]
    assert people.supervisor.get(path, as_of="3").json()["actions"] == []


@pytest.mark.usefixtures("late")
def test_what_was_known_when_the_ruling_was_made(
    people: People, background: Worker, clock: Clock
) -> None:
    case = file_for(people, order="ruled")
    story = CaseStory(people, background, clock, case).ruled()
    people.buyer.act(story.id, "messages", {"text": "Thank you."})
    path = f"/v1/audit/disputes/{story.id}"
    then = people.regulator.get(f"{path}/case", as_of="ruled").json()
    now = people.regulator.get(f"{path}/case").json()
    assert (then["messages"], len(now["messages"])) == ([], 1)
    assert then["ruling"]["text"]["en"].startswith("Issue: Was it defective?")
    assert then["phase"] == "performing"
    lines = people.regulator.get(f"{path}/replay", as_of="ruled").text.splitlines()
    assert json.loads(lines[-1])["type"] == "ruled"


def test_the_difference_between_two_moments(people: People, late: str) -> None:
    path = f"/v1/audit/disputes/{late}/difference"
    found = people.auditor.get(path, **{"from": "1", "to": "admitted"}).json()
    assert (found["before"], found["after"]) == (1, 3)
    kinds = [recorded["payload"]["type"] for recorded in found["facts"]]
    assert kinds == ["deadline-missed", "admitted"]
    assert found["facts"][1]["payload"]["note"] == LATE["note"]
    changes = {one["field"]: (one["before"], one["after"]) for one in found["changes"]}
    assert changes["phase"] == ("filed", "awaiting-response")
    assert "buyer" not in changes
    begun = people.auditor.get(
        path, **{"from": "2026-03-01T00:00:00Z", "to": "2026-03-02T03:00:00Z"}
    ).json()
    assert (begun["before"], begun["after"]) == (0, 1)
    happened = {"from": "2026-03-03T00:00:00Z", "to": "2026-03-04T00:00:00Z"}
    assert people.auditor.get(path, **happened).json()["facts"] == []
    by_at = people.auditor.get(path, **happened, by="at").json()
    assert [one["version"] for one in by_at["facts"]] == [2]


def test_a_moment_that_is_missing_is_named(people: People, late: str) -> None:
    path = f"/v1/audit/disputes/{late}/difference"
    answer = people.auditor.get(path, **{"from": 5})
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/to", "required")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"from": "3", "to": "1"}, 400),
        ({"from": "1"}, 400),
        ({"from": "1", "to": "soon"}, 400),
        ({"from_": "1", "to": "2"}, 400),
    ],
)
def test_differences_that_are_none(
    people: People, late: str, query: dict[str, str], status: int
) -> None:
    path = f"/v1/audit/disputes/{late}/difference"
    answer = people.auditor.get(path, **query)
    assert answer.status_code == status, answer.text
    assert answer.json()["type"] == "urn:redress:problem:malformed"


def test_parties_do_not_travel(people: People, late: str) -> None:
    stranger = people.named("auditor", "a-1", platform="other")
    asked: dict[str, dict[str, Any]] = {"case": {}, "difference": {"from": 1, "to": 2}}
    for part, query in asked.items():
        path = f"/v1/audit/disputes/{late}/{part}"
        assert people.buyer.get(path, **query).status_code == 403
        assert stranger.get(path, **query).status_code == 404


@pytest.mark.parametrize("by", ["at", "recorded_at", ""])
def test_a_kind_of_time_without_a_moment_is_refused(
    people: People, late: str, by: str
) -> None:
    for part in ("", "/replay", "/case"):
        answer = people.auditor.get(f"/v1/audit/disputes/{late}{part}", by=by)
        assert answer.status_code == 400, answer.text
        (error,) = answer.json()["errors"]
        assert error["pointer"] == "/by"
        assert by == "" or error["code"] == "only-with-as-of"


def test_nor_on_the_command_line() -> None:
    with pytest.raises(SettingError, match="--by: goes only with --as-of"):
        CliRunner().invoke(
            redress, ["replay", str(UUID(int=1)), "--by", "at"], catch_exceptions=False
        )


def test_on_the_command_line(
    system: System, late: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (difference, replay):
        monkeypatch.setattr(module, "build", lambda _: _again(system))
        monkeypatch.setattr(module, "read", lambda: None)
    lines = _run("replay", late, "--as-of", "2026-03-04T00:00:00Z", "--by", "at")
    assert [line["fact"]["version"] for line in lines] == [1, 2]
    (story,) = _run("difference", late, "--from", "1", "--to", "3")
    assert {"field": "phase", "before": "filed", "after": "awaiting-response"} in (
        story["changes"]
    )


def _again(system: System) -> System:
    return wire(system.settings, system.url, system.url, system.clock)


def _run(command: str, case: str, *options: str) -> list[Any]:
    arguments = [command, case, *options, "--json"]
    done = CliRunner().invoke(redress, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]
