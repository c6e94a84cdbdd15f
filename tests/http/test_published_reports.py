"""Published reports: frozen, corrected by new editions, read by everyone."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec
import psycopg
import pytest
from click.testing import CliRunner, Result

from domain.roles import Role
from interface.bootstrap import System
from interface.callers.caller import Caller
from interface.cli.main import redress
from interface.run.worker import Worker
from projections.reports.report_publication import original_of
from tests.conftest import Clock
from tests.http.conftest import (
    People,
    Person,
    background,
    file_for,
    http,
    people,
    system,
)

__all__ = ["background", "http", "people", "system"]

PUBLISHED = "/v1/transparency/published"


@pytest.fixture(autouse=True)
def _same_system(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("report", "report_publish"):
        monkeypatch.setattr(f"interface.cli.{module}.build", lambda _: system)
        monkeypatch.setattr(f"interface.cli.{module}.read", lambda: None)
    # The tests go on to ask the system that the command would close.
    monkeypatch.setattr(type(system), "close", lambda _: None)


MARCH = datetime(2026, 3, 10, tzinfo=UTC)
LATER = datetime(2026, 5, 1, tzinfo=UTC)


def filed(
    people: People, background: Worker, clock: Clock, first: int, many: int
) -> None:
    """File cases in March, and let March and its quarter be over."""
    clock.now = MARCH
    for number in range(first, first + many):
        file_for(people, f"o-{number}")
    background.catch_up()
    clock.now = LATER


def report(*arguments: str) -> Result:
    wide = {"COLUMNS": "200"}
    return CliRunner().invoke(redress, ["report", *arguments], env=wide)


def published(*arguments: str) -> dict[str, Any]:
    done = report("publish", *arguments, "--json")
    assert done.exit_code == 0, (done.output, done.exception)
    return msgspec.json.decode(done.output)  # type: ignore[no-any-return]


def answer(people: People, path: str, **headers: str) -> Any:
    found = people.buyer.http.get(f"{PUBLISHED}{path}", headers=headers)
    assert found.status_code == 200, found.text
    return found.json()


def test_a_published_report_never_changes(
    people: People, background: Worker, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    manifest = published("2026-03")
    filed(people, background, clock, 8, 20)
    shown = answer(people, "/2026-03")
    assert shown["manifest"] == manifest
    assert shown == answer(people, "/2026-03/editions/1")
    (group,) = shown["report"]["groups"]
    opened = {one["id"]: one for one in group["figures"]}["opened"]
    assert opened["numerator"] == 5
    assert manifest["edition"] == 1
    assert manifest["definitions"]["admission-in-time"] == 2
    assert manifest["position"] > 0
    assert manifest["differences"] == []


def test_the_digest_is_of_the_copy_and_the_commitment_of_the_whole(
    people: People, background: Worker, system: System, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    manifest = published("2026-03")
    shown = people.buyer.http.get(f"{PUBLISHED}/2026-03").content
    copy = msgspec.json.decode(shown, type=dict[str, msgspec.Raw])["report"]
    assert sha256(copy).hexdigest() == manifest["sha256"]
    with system.database.get_connection() as connection:
        original = original_of(connection, "2026-03", 1)
    sealed = sha256(original.salt + original.report).hexdigest()
    assert sealed == manifest["commitment"]
    assert sha256(original.report).hexdigest() not in shown.decode()
    assert original.published_by


def test_a_correction_is_an_edition_with_a_reason_and_its_differences(
    people: People, background: Worker, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    published("2026-03")
    filed(people, background, clock, 8, 6)
    unexplained = report("publish", "2026-03")
    assert unexplained.exit_code != 0
    assert "another edition corrects edition 1" in str(unexplained.exception)
    told = report("publish", "2026-03", "--reason", "Late filings.")
    assert told.exit_code == 0, told.output
    line = next(x for x in told.output.splitlines() if "opened" in x and "value" in x)
    assert [cell.strip() for cell in line.split("│")][-3:-1] == ["7", "13"]
    second = answer(people, "/2026-03")["manifest"]
    assert (second["edition"], second["corrects"]) == (2, 1)
    assert second["reason"] == "Late filings."
    changed = {(one["figure"], one["number"]): one for one in second["differences"]}
    opened = changed["opened", "numerator"]
    assert (opened["before"], opened["after"]) == (5, 15)
    assert answer(people, "/2026-03/editions/1")["manifest"]["edition"] == 1


def test_an_edition_that_changes_nothing_is_none(
    people: People, background: Worker, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    published("2026-03")
    again = report("publish", "2026-03", "--reason", "Once more.")
    assert "nothing in it differs from edition 1" in str(again.exception)
    listed = answer(people, "")["items"]
    assert [one["edition"] for one in listed] == [1]


def test_a_platform_that_is_called_like_a_cut_has_a_report_of_its_own(
    people: People, background: Worker, system: System, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    clock.now = MARCH
    elsewhere = Caller(subject="b-9", role=Role.BUYER, platform="category")
    assert Person(people.buyer.http, system, elsewhere).file().status_code == 201
    background.catch_up()
    clock.now = LATER
    cut = published("2026-Q1", "--by", "category")
    other = published("2026-Q1", "--platform", "category")
    assert (cut["name"], other["name"]) == ("2026-Q1-category", "2026-Q1-of-category")
    assert (cut["edition"], other["edition"]) == (1, 1)


def test_the_editions_are_listed(
    people: People, background: Worker, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    published("2026-03")
    clock.forward(days=1)
    published("2026-Q1", "--by", "category")
    names = [one["name"] for one in answer(people, "")["items"]]
    assert names == ["2026-Q1-category", "2026-03"]
    (only,) = answer(people, "?name=2026-03")["items"]
    assert only["name"] == "2026-03"
    table = report("editions").output
    assert "2026-Q1-category" in table
    assert "2026-03" in table
    lines = report("editions", "2026-03", "--json").output.splitlines()
    assert [msgspec.json.decode(line)["name"] for line in lines] == ["2026-03"]


def test_an_edition_is_kept_by_caches(
    people: People, background: Worker, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    published("2026-03")
    first = people.buyer.http.get(f"{PUBLISHED}/2026-03/editions/1")
    assert "immutable" in first.headers["Cache-Control"]
    for path in ("", "/2026-03", "/2026-03/editions/1"):
        found = people.buyer.http.get(f"{PUBLISHED}{path}")
        same = {"If-None-Match": found.headers["ETag"]}
        assert (
            people.buyer.http.get(f"{PUBLISHED}{path}", headers=same).status_code == 304
        )


@pytest.mark.parametrize("path", ["/2026-03", "/2026-03/editions/2", "/%00"])
def test_what_is_not_published_is_not_found(people: People, path: str) -> None:
    assert people.buyer.http.get(f"{PUBLISHED}{path}").status_code in {400, 404}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("all",), "is not published"),
        (("2026-03", "--by", "seller"), "is not public"),
        (("2026-02", "--by", "nope"), "is not public: write one or two of month"),
        (("2026-03",), "2026-03 is not over before 2026-04-01 00:00 (Asia/Shanghai)"),
        (("2026",), "2026 is not over before 2027-01-01 00:00"),
        (("2027-Q2",), "2027-Q2 is not over before 2027-07-01 00:00"),
        (("2026-02", "--platform", "nobody"), "no case of it has been recorded"),
        (("2026-3",), "is not a period"),
        (("2026-02", "--reason", "Once more."), "the first edition, and corrects none"),
        (("2026-03", "--platform", "a/b ?x"), "cannot stand in an address"),
    ],
)
def test_what_cannot_be_published_is_one_line(
    arguments: tuple[str, ...], said: str
) -> None:
    done = report("publish", *arguments)
    assert done.exit_code != 0
    assert said in str(done.exception)


def test_a_supervisor_publishes_the_report_of_the_platform(
    people: People, background: Worker, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    body = {"period": "2026-03"}
    early = people.supervisor.post(PUBLISHED, body | {"reason": "Late filings."})
    assert early.status_code == 409, early.text
    assert early.json()["type"].endswith("nothing-corrected-yet")
    first = people.supervisor.post(PUBLISHED, body, key="k-1")
    assert first.status_code == 201, first.text
    name = first.json()["name"]
    assert name == "2026-03-of-shop"
    assert first.json()["edition"] == 1
    # A request that is repeated publishes nothing more.
    again = people.supervisor.post(PUBLISHED, body, key="k-1")
    assert (again.status_code, again.json()) == (201, first.json())
    shown = answer(people, f"/{name}")
    assert shown["manifest"]["platform"] == "shop"
    assert shown["manifest"]["sha256"] == first.json()["sha256"]

    def refused(**more: str) -> tuple[int, str]:
        found = people.supervisor.post(PUBLISHED, body | more)
        return found.status_code, found.json()["type"].rsplit(":")[-1]

    assert refused() == (409, "correction-needs-reason")
    assert refused(reason="Once more.") == (409, "nothing-to-correct")
    assert refused(period="all") == (400, "malformed")
    assert refused(by="seller") == (400, "malformed")
    assert refused(by="nope") == (400, "malformed")
    assert refused(period="2026-05") == (409, "period-not-over")
    filed(people, background, clock, 8, 6)
    second = people.supervisor.post(PUBLISHED, body | {"reason": "Late filings."})
    assert second.status_code == 201, second.text
    assert (second.json()["edition"], second.json()["corrects"]) == (2, 1)


@pytest.mark.parametrize("role", ["buyer", "mediator", "platform", "auditor"])
def test_only_supervisors_publish(people: People, role: str) -> None:
    found = getattr(people, role).post(PUBLISHED, {"period": "2026-03"})
    assert found.status_code == 403, found.text


def test_nobody_changes_what_is_published(
    people: People, background: Worker, url: str, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    published("2026-03")
    with psycopg.connect(url, autocommit=True) as owner:
        for change in (
            "UPDATE redress.report_editions SET edition = 9",
            "DELETE FROM redress.report_originals",
            "TRUNCATE redress.report_originals",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(change)


def test_a_period_is_published_from_its_end_in_the_platforms_zone_on(
    people: People, background: Worker, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    # Midnight in Shanghai.
    clock.now = datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC)
    early = people.supervisor.post(PUBLISHED, {"period": "2026-03"})
    assert early.status_code == 409, early.text
    assert early.json()["type"].endswith("period-not-over")
    assert "2026-04-01 00:00 (Asia/Shanghai)" in early.json()["detail"]
    clock.forward(seconds=1)
    assert people.supervisor.post(PUBLISHED, {"period": "2026-03"}).status_code == 201


def test_a_period_that_ended_before_the_record_is_not_published(
    people: People, background: Worker, clock: Clock
) -> None:
    filed(people, background, clock, 1, 7)
    for arguments in (
        ("2026-02",),
        ("2025",),
        ("2025", "--by", "month"),
        ("2025-Q4", "--platform", "shop", "--by", "category"),
    ):
        done = report("publish", *arguments)
        assert done.exit_code != 0, arguments
        said = "ended before the record begins, on 2026-03-10: nothing is known of it"
        assert said in str(done.exception)
    for by in ("none", "month"):
        found = people.supervisor.post(PUBLISHED, {"period": "2026-02", "by": by})
        assert found.status_code == 409, found.text
        assert found.json()["type"].endswith("before-record")
        assert "2026-03-10" in found.json()["detail"]
    assert answer(people, "")["items"] == []
    # In a period that has a part of the record there is something to publish.
    assert published("2026-Q1", "--by", "month")["edition"] == 1


def test_a_platform_that_nobody_knows_publishes_nothing(
    people: People, background: Worker, clock: Clock
) -> None:
    background.catch_up()
    clock.now = LATER
    found = people.supervisor.post(PUBLISHED, {"period": "2026-03"})
    assert found.status_code == 409, found.text
    assert found.json()["type"].endswith("no-such-platform")
    assert "shop" in found.json()["detail"]
