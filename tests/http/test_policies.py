"""Policy profiles as everyone reads them, and as an operator checks and adds them."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from click.testing import CliRunner, Result
from litestar.testing import TestClient

from application.rules.rulebook import ProfileWrong
from application.texts import texts
from domain.deadlines.time_limits import LimitName
from interface.bootstrap import wire
from interface.cli.main import redress
from interface.run.worker import Worker
from interface.settings import settings
from interface.settings.settings import SettingError
from tests.conftest import Clock
from tests.http.conftest import People, file_for
from tests.http_app import serving

RULES = files("domain").joinpath("policy")
GOOD = RULES.joinpath("cn-default-1.toml").read_text("utf-8")


def second_version(transition: str) -> str:
    text = GOOD.replace("version = 1\n", "version = 2\n", 1)
    text = text.replace('"pending-keep-old"\nzone', f'"{transition}"\nzone', 1)
    return text.replace("2026-01-01", "2026-02-01", 1)


def test_policies_are_listed_for_everyone(http: TestClient[Any]) -> None:
    listed = http.get("/v1/policies").json()["items"]
    ids = {one["id"]: one["for_new_cases"] for one in listed}
    assert ids == {"cn-default/1": True, "jd-like/1": False, "wechat-like/1": False}
    for one in listed:
        assert http.get(one["href"]).json()["id"] == one["id"]


def test_a_policy_shows_its_limits_with_clocks_and_words(
    http: TestClient[Any],
) -> None:
    policy = http.get("/v1/policies/jd-like/1").json()
    limits = {one["name"]: one for one in policy["limits"]}
    assert set(limits) == set(LimitName)
    assert limits["evidence"] == {
        "name": "evidence",
        "zh": "双方举证",
        "en": "for each side to submit evidence",
        "length": {
            "length": "4 window hours",
            "amount": 4,
            "unit": "window hour",
            "clock": "business-window",
            "zh": "4 个营业小时",
            "en": "4 window hours",
        },
        "extension": limits["evidence"]["length"],
    }
    assert limits["response"]["length"]["clock"] == "calendar"
    assert limits["suspension-proof"]["length"]["clock"] == "working-days"
    (override,) = limits["negotiation"]["overrides"]
    assert override["reason"] == "not-received"
    assert override["length"]["zh"] == "24 小时"
    assert (policy["opens"], policy["closes"]) == ("09:00:00", "18:00:00")
    assert policy["four_eyes"] == {"CNY": "2000.00"}
    assert policy["transition"]["rule"] == "pending-keep-old"
    silences = {one["on"]: one["leads_to"] for one in policy["silence"]}
    assert silences == dict.fromkeys(silences, "escalate")
    assert len(silences) == 3


def test_every_limit_has_words_in_both_languages() -> None:
    assert set(texts()["limits"]) == set(LimitName)
    for words in texts()["limits"].values():
        assert words["zh"]
        assert words["en"]


@pytest.mark.parametrize("path", ["cn-default/2", "nobody/1", "cn-default/x"])
def test_a_policy_that_does_not_exist_is_not_found(
    http: TestClient[Any], path: str
) -> None:
    response = http.get(f"/v1/policies/{path}")
    assert response.status_code == 404
    assert response.json()["type"] == "urn:redress:problem:no-such-page"


def test_the_api_document_describes_policies(http: TestClient[Any]) -> None:
    paths = http.get("/schema/openapi.json").json()["paths"]
    assert paths["/v1/policies"]["get"]["tags"] == ["public"]
    assert "404" in paths["/v1/policies/{name}/{version}"]["get"]["responses"]


def check(path: Path, *options: str) -> Result:
    return CliRunner().invoke(redress, ["policy", "check", str(path), *options])


@pytest.mark.parametrize("name", ["cn-default", "jd-like", "wechat-like"])
def test_what_ships_is_right(name: str) -> None:
    result = check(Path(str(RULES.joinpath(f"{name}-1.toml"))))
    assert result.exit_code == 0
    assert f"ok   {name}/1, in force from 2026-01-01" in result.output
    assert "suspension-proof" in result.output


def test_a_right_profile_is_told_as_data(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(second_version("pending-take-new"), "utf-8")
    result = check(path, "--json")
    told = msgspec.json.decode(result.output)
    assert (result.exit_code, told["mistakes"]) == (0, [])
    assert told["policy"]["id"] == "cn-default/2"
    assert told["policy"]["transition"]["rule"] == "pending-take-new"


def test_every_mistake_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = GOOD.replace('filing = "15 days"', "").replace('"72 hours"', '"-1 hours"')
    path.write_text(text.replace('proof = "proof/1"', 'proof = "proof"'), "utf-8")
    result = check(path)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{path}: 3 to mend",
        "BAD  proof: 'proof' names no version, as 'proof/1' does",
        "BAD  limits.filing: missing",
        "BAD  limits.performance-goods: '-1 hours' is not more than zero",
    ]
    told = msgspec.json.decode(check(path, "--json").output)
    assert (told["policy"], len(told["mistakes"])) == (None, 3)


def test_a_limit_is_changed_by_a_new_version_only(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(GOOD.replace('"15 days"', '"16 days"'), "utf-8")
    result = check(path)
    assert result.exit_code == 1
    assert "a change is a new version" in result.output


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe")
    result = check(path)
    assert (result.exit_code, "not UTF-8" in result.output) == (1, True)


def test_profiles_in_a_directory_join_those_that_ship(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "two.toml").write_text(second_version("pending-keep-old"), "utf-8")
    environ = {
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_POLICIES": str(tmp_path),
        "REDRESS_POLICY": "cn-default",
        "DATABASE_URL": url,
    }
    system = wire(settings.read(environ), url, url, clock)
    disputes = system.disputes
    assert "cn-default/2" in disputes.books.ids
    assert disputes.books.for_new(disputes.policy, clock()).policy.version == 2
    system.close()


@pytest.mark.parametrize(
    ("transition", "due", "version"),
    [
        ("pending-keep-old", "2026-03-10T16:00:00Z", 1),
        ("pending-take-new", "2026-03-12T02:00:00Z", 2),
    ],
)
def test_a_pending_case_follows_the_transition_rule(
    url: str, tmp_path: Path, clock: Clock, transition: str, due: str, version: int
) -> None:
    text = second_version(transition).replace("2026-02-01", "2026-03-05")
    text = text.replace('response = "1 working day"', 'response = "3 days"')
    (tmp_path / "two.toml").write_text(text, "utf-8")
    environ = {"REDRESS_HOME": str(tmp_path), "REDRESS_POLICIES": str(tmp_path)}
    read = settings.read(environ | {"DATABASE_URL": url})
    system = wire(read, url, url, clock)
    with serving(system) as http:
        people = People(http, system)
        case = file_for(people)
        clock.forward(days=7)
        people.mediator.act(case, "admission", {})
        worker = Worker(system)
        worker.catch_up()
        worker.close()
        seen = people.seller.get(f"/v1/disputes/{case}").json()
        assert seen["waiting_on"]["due"] == due
        last = system.disputes.find(UUID(case)).events[-1]
        assert last.policy == f"cn-default/{version}"


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        (
            "REDRESS_POLICY",
            "nobody",
            "REDRESS_POLICY: 'nobody' is none of cn-default/1",
        ),
        ("REDRESS_POLICY", "cn-default/9", "REDRESS_POLICY: 'cn-default/9' is none of"),
        ("REDRESS_POLICIES", "/no/such", "REDRESS_POLICIES: '/no/such' is not a direc"),
    ],
)
def test_a_wrong_setting_is_named(
    url: str, tmp_path: Path, clock: Clock, name: str, value: str, error: str
) -> None:
    environ = {"REDRESS_HOME": str(tmp_path), "DATABASE_URL": url, name: value}
    with pytest.raises(SettingError, match=error):
        wire(settings.read(environ), url, url, clock)


def test_a_wrong_profile_in_the_directory_stops_the_start(
    url: str, tmp_path: Path, clock: Clock
) -> None:
    (tmp_path / "same.toml").write_text(GOOD, "utf-8")
    environ = {"REDRESS_HOME": str(tmp_path), "REDRESS_POLICIES": str(tmp_path)}
    read = settings.read(environ | {"DATABASE_URL": url})
    with pytest.raises(ProfileWrong, match=r"same\.toml: there is a cn-default/1"):
        wire(read, url, url, clock)
