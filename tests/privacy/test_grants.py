"""Grants: who reads what for how long, where reading takes one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from interface.bootstrap import System, wire
from interface.settings import settings
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.http_app import serving
from tests.privacy.readers import entries


@pytest.fixture
def strict(url: str, tmp_path: Path, clock: Clock) -> Iterator[People]:
    """Yield people on an installation where reading takes a grant."""
    read = settings.read(
        {
            "REDRESS_HOME": str(tmp_path),
            "DATABASE_URL": url,
            "REDRESS_AUDIT_GRANTS": "required",
        }
    )
    system: System = wire(read, url, url, clock)
    with serving(system) as http:
        yield People(http, system)


def granted(people: People, **changes: Any) -> Any:
    body = {
        "reader": "a-1",
        "role": "auditor",
        "begins": "2026-03-01T00:00:00+08:00",
        "ends": "2026-12-01T00:00:00+08:00",
        "purpose": "Audit 2026",
    } | changes
    return people.supervisor.post("/v1/audit/grants", body)


def test_where_it_is_required_reading_takes_a_grant(
    strict: People, story: CaseStory, clock: Clock
) -> None:
    path = f"/v1/audit/disputes/{story.id}"
    refused = strict.auditor.get(path)
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:redress:problem:no-grant"
    grant = granted(strict).json()["id"]
    assert strict.auditor.get(path).status_code == 200
    assert strict.auditor.get("/v1/audit/search").status_code == 200
    log = strict.supervisor.get("/v1/audit/access-log", dispute=story.id).json()
    assert log["items"][0]["event"]["grant"] == grant
    assert strict.regulator.get(path).status_code == 403
    assert strict.named("auditor", "a-2").get(path).status_code == 403
    assert strict.named("auditor", "a-1", None).get(path).status_code == 200
    everywhere = strict.named("auditor", "a-1", None).get("/v1/audit/search")
    assert everywhere.status_code == 403
    assert "(for the platform shop: ask with a token" in everywhere.json()["detail"]
    clock.forward(days=300)
    expired = strict.auditor.get(path)
    assert expired.status_code == 403
    assert f"{grant} (expired 2026-11-30T16:00Z)" in expired.json()["detail"]


def test_a_grant_may_be_for_some_cases_not_begun_or_revoked(
    strict: People, story: CaseStory
) -> None:
    path = f"/v1/audit/disputes/{story.id}"
    assert granted(strict, disputes=[str(UUID(int=1))]).status_code == 201
    assert "(for other cases)" in strict.auditor.get(path).json()["detail"]
    search = strict.auditor.get("/v1/audit/search")
    assert "(for single cases only)" in search.json()["detail"]
    granted(strict, begins="2026-06-01T00:00:00Z", ends="2026-12-31T00:00:00Z")
    assert "begins 2026-06-01" in strict.auditor.get(path).json()["detail"]
    only = granted(strict, disputes=[story.id]).json()["id"]
    assert strict.auditor.get(path).status_code == 200
    assert strict.auditor.get("/v1/audit/search").status_code == 403
    revoked = strict.supervisor.post(f"/v1/audit/grants/{only}/revocation")
    assert revoked.json()["revoked_by"] == "v-1"
    assert strict.auditor.get(path).status_code == 403
    kinds = [
        one["event"]["type"]
        for one in strict.supervisor.get("/v1/audit/access-log").json()["items"]
    ]
    assert kinds.count("access-granted") == 3
    assert kinds.count("access-revoked") == 1


def test_who_sees_all_platforms_reads_one_under_its_grant(
    strict: People, story: CaseStory
) -> None:
    granted(strict)
    auditor = strict.named("auditor", "a-1", None)
    assert story.id in auditor.get("/v1/disputes", platform="shop").text
    for query in ({}, {"platform": "other"}):
        refused = auditor.get("/v1/disputes", **query)
        assert refused.json()["type"].endswith("no-grant")


def test_entries_of_the_log_are_read_like_everything_else(
    people: People, strict: People, story: CaseStory
) -> None:
    path = "/v1/log/tile/entries/000.p/3"
    monitor = people.named("auditor", "a-9", None)
    assert story.id
    assert monitor.get(path).status_code == 200
    log = monitor.get("/v1/audit/access-log", reader="a-9", what="log-entries")
    (entry,) = log.json()["items"]
    assert (entry["event"]["what"], entry["event"]["path"]) == ("log-entries", path)
    # Entries are of all platforms: what is read there is no matter of a single one.
    assert entries(people, reader="a-9") == []
    del monitor.headers["Purpose"]
    assert monitor.get(path).json()["type"].endswith("purpose-missing")
    granted(strict)
    refused = strict.named("auditor", "a-1", None).get(path)
    assert refused.json()["type"].endswith("no-grant")


def test_a_hold_takes_no_grant_and_shows_no_more_than_one(
    strict: People, story: CaseStory
) -> None:
    path = f"/v1/disputes/{story.id}/legal-holds"
    placed = strict.regulator.post(path, {"basis": "Inquiry 2026-3"})
    assert (placed.status_code, placed.content) == (204, b"")
    assert placed.headers["etag"]
    assert strict.regulator.get(f"/v1/disputes/{story.id}").status_code == 403
    log = strict.supervisor.get("/v1/audit/access-log", reader="r-1").json()["items"]
    assert log[0]["event"]["what"] == "command"
    granted(strict, reader="r-1", role="regulator")
    shown = strict.regulator.post(path, {"basis": "Inquiry 2026-4"})
    assert (shown.status_code, shown.json()["id"]) == (200, story.id)


def test_a_grant_that_makes_no_sense_is_refused(strict: People) -> None:
    wrong = granted(strict, ends="2026-02-01T00:00:00Z")
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["code"] == "ends-before"
    for ends, code in (("2129-01-01", "grant-too-long"), ("2026-03-02", "ends-past")):
        begins = "2026-03-01T00:00:00Z"
        wrong = granted(strict, begins=begins, ends=f"{ends}T00:00:00Z")
        assert wrong.status_code == 422
        assert wrong.json()["errors"][0]["code"] == code
    assert strict.mediator.post("/v1/audit/grants", {}).status_code in {400, 403}
    unknown = strict.supervisor.post(f"/v1/audit/grants/{UUID(int=3)}/revocation")
    assert unknown.status_code == 404


def test_the_setting_is_named_when_it_is_wrong() -> None:
    with pytest.raises(settings.SettingError, match="REDRESS_AUDIT_GRANTS"):
        settings.read({"REDRESS_AUDIT_GRANTS": "maybe"})
