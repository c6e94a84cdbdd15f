"""Who read what: complete, chained, with a purpose and, where required, a grant."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from application.access_log import AccessLog
from application.access_walk import check_access
from application.database import Database
from application.log.checking.finding import Differs
from domain.events.access import CaseViewed
from domain.roles import Actor, Role
from interface import settings
from interface.bootstrap import System, wire
from interface.worker import Worker
from tests.conftest import Clock
from tests.http.conftest import People
from tests.http.playing import Told
from tests.samples import NOW
from tests.serving import serving

AUDITOR = Actor(role=Role.AUDITOR, id="a-1")
VIEWED = CaseViewed(what="case", path="/v1/disputes/1", purpose="Audit")


@pytest.fixture
def told(people: People, background: Worker, clock: Clock) -> Told:
    one = Told(people, background, clock).escalated()
    sent = one.people.buyer.post(f"/v1/disputes/{one.id}/messages", {"text": "Soon?"})
    assert sent.status_code == 200
    background.catch_up()
    return one


def entries(people: People, **query: Any) -> list[dict[str, Any]]:
    response = people.regulator.get("/v1/audit/access-log", **query)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


READS = {
    "case": "/v1/disputes/{}",
    "cases": "/v1/disputes",
    "deadlines": "/v1/disputes/{}/deadlines",
    "evidence": "/v1/disputes/{}/evidence/1",
    "history": "/v1/audit/disputes/{}",
    "replay": "/v1/audit/disputes/{}/replay",
    "search": "/v1/audit/search",
    "report": "/v1/transparency/reports/2026",
    "standing": "/v1/sellers/s-1/standing",
    "access-log": "/v1/audit/access-log",
    "erasures": "/v1/erasures",
    "grants": "/v1/audit/grants",
}


@pytest.mark.parametrize("role", ["auditor", "regulator"])
def test_every_read_is_in_the_log(people: People, told: Told, role: str) -> None:
    reader = people.named(role, "x-9")
    for what, path in READS.items():
        response = reader.get(path.format(told.id))
        assert response.status_code == 200, (path, response.text)
        last = entries(people, reader="x-9", limit=1)[0]
        assert (last["event"]["what"], last["role"]) == (what, role)
        assert last["event"]["purpose"] == "Audit 2026-Q1"
        assert last["event"]["path"] == path.format(told.id)
        one_case = UUID(told.id) if "{}" in path else None
        assert last["event"].get("case") == (str(one_case) if one_case else None)
    found = entries(people, dispute=told.id, reader="x-9")
    assert [one["event"]["what"] for one in found] == [
        what for what in reversed(READS) if "{}" in READS[what]
    ]


def test_the_range_that_was_asked_for_is_in_it(people: People, told: Told) -> None:
    people.auditor.get(f"/v1/audit/disputes/{told.id}", as_of="2")
    assert entries(people, what="history")[0]["event"]["path"].endswith("?as_of=2")


@pytest.mark.parametrize("path", READS.values())
def test_without_a_purpose_nothing_is_read(
    people: People, told: Told, path: str
) -> None:
    reader = people.named("auditor", "x-9")
    for purpose in (None, "", "  ", "x" * 201):
        reader.headers.pop("Purpose", None)
        if purpose is not None:
            reader.headers["Purpose"] = purpose
        response = reader.get(path.format(told.id))
        assert response.status_code == 400
        assert response.json()["type"] == "urn:redress:problem:purpose-missing"
        assert "Purpose" in response.json()["detail"]
    assert entries(people, reader="x-9") == []


def test_a_purpose_may_be_chinese(people: People, told: Told) -> None:
    reader = people.named("auditor", "x-9")
    for sent in ("例行检查".encode(), b"%E4%BE%8B%E8%A1%8C"):
        headers = {
            name.encode(): text.encode() for name, text in reader.headers.items()
        }
        headers[b"Purpose"] = sent
        response = reader.http.get(f"/v1/disputes/{told.id}", headers=headers)
        assert response.status_code == 200
    found = entries(people, reader="x-9")
    assert [one["event"]["purpose"] for one in found] == ["例行", "例行检查"]


def test_nobody_else_needs_one_and_what_is_not_seen_is_not_logged(
    people: People, told: Told
) -> None:
    for person in (people.buyer, people.mediator, people.supervisor):
        assert person.get(f"/v1/disputes/{told.id}").status_code == 200
    stranger = people.named("auditor", "x-9", platform="other")
    assert stranger.get(f"/v1/audit/disputes/{told.id}").status_code == 404
    assert entries(people, reader="x-9") == []
    assert people.mediator.get("/v1/audit/access-log").status_code == 403
    assert people.supervisor.get("/v1/audit/access-log").status_code == 200
    assert entries(people, role="supervisor")[0]["event"]["purpose"] == "oversight"


def test_a_filter_for_what_there_cannot_be_is_refused(people: People) -> None:
    for query in ({"what": "zzz"}, {"role": "king"}):
        answer = people.regulator.get("/v1/audit/access-log", **query)
        assert answer.status_code == 400
        (error,) = answer.json()["errors"]
        assert error["pointer"] == f"/{next(iter(query))}"


def test_a_supervisor_may_say_why(people: People) -> None:
    supervisor = people.supervisor
    supervisor.get("/v1/audit/access-log")
    supervisor.headers["Purpose"] = "Complaint 7"
    supervisor.get("/v1/audit/access-log")
    said = [one["event"]["purpose"] for one in entries(people, role="supervisor")]
    assert said == ["Complaint 7", "oversight"]


def test_pages_of_it_hold_everything_once(people: People, told: Told) -> None:
    for _ in range(7):
        people.auditor.get(f"/v1/disputes/{told.id}")
    numbers, cursor = [], None
    while True:
        query = {"limit": 3, "what": "case"} | ({"cursor": cursor} if cursor else {})
        answer = people.supervisor.get("/v1/audit/access-log", **query).json()
        numbers += [one["number"] for one in answer["items"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert len(numbers) == len(set(numbers)) == 7


def test_many_at_once_make_one_chain(database: Database) -> None:
    log = AccessLog(database)

    def read(number: int) -> int:
        event = CaseViewed(what="case", path=f"/{number}", purpose="Audit")
        return log.record(AUDITOR, "shop", event, NOW).number

    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(read, range(200)))
    assert numbers == [*range(1, 201)]
    assert found(database) is None


def found(database: Database) -> str | None:
    """Return what a check of the access log finds."""
    try:
        with database.get_connection() as connection:
            check_access(connection)
    except Differs as wrong:
        return wrong.finding.said
    return None


TAMPERED = {
    "UPDATE redress.access_log SET reader = 'b' WHERE number = 5": (
        "entry 5 is listed as something else"
    ),
    "UPDATE redress.access_log SET case_id = gen_random_uuid() WHERE number = 5": (
        "entry 5 is listed as something else"
    ),
    "UPDATE redress.access_log SET entry = convert_to(replace(convert_from(entry,"
    " 'UTF8'), 'Audit', 'Other'), 'UTF8') WHERE number = 5": (
        "entry 5 is not what was hashed"
    ),
    "UPDATE redress.access_log SET entry = a.e, hash = sha256('\\x00'::bytea || a.e)"
    " FROM (SELECT convert_to(replace(convert_from(entry, 'UTF8'), 'Audit', 'Other'),"
    " 'UTF8') AS e FROM redress.access_log WHERE number = 5) a WHERE number = 5": (
        "entry 6 does not follow"
    ),
    "DELETE FROM redress.access_log WHERE number = 5": "entry 5 is missing",
    "DELETE FROM redress.access_log WHERE number < 3": "entry 1 is missing",
    "UPDATE redress.access_log SET entry = 'x' WHERE number = 5": (
        "entry 5 cannot be read"
    ),
}


@pytest.mark.parametrize("change", TAMPERED)
def test_a_change_by_the_owner_is_found(
    database: Database, url: str, change: str
) -> None:
    log = AccessLog(database)
    for _ in range(10):
        log.record(AUDITOR, "shop", VIEWED, NOW)
    assert found(database) is None
    with psycopg.connect(url) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            connection.execute(change.encode())
        connection.rollback()
        connection.execute("ALTER TABLE redress.access_log DISABLE TRIGGER append_only")
        connection.execute(change.encode())
    assert (found(database) or "").startswith(TAMPERED[change])


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
    strict: People, told: Told, clock: Clock
) -> None:
    path = f"/v1/audit/disputes/{told.id}"
    refused = strict.auditor.get(path)
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:redress:problem:no-grant"
    grant = granted(strict).json()["grant_id"]
    assert strict.auditor.get(path).status_code == 200
    assert strict.auditor.get("/v1/audit/search").status_code == 200
    log = strict.supervisor.get("/v1/audit/access-log", dispute=told.id).json()
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
    strict: People, told: Told
) -> None:
    path = f"/v1/audit/disputes/{told.id}"
    assert granted(strict, cases=[str(UUID(int=1))]).status_code == 201
    assert "(for other cases)" in strict.auditor.get(path).json()["detail"]
    search = strict.auditor.get("/v1/audit/search")
    assert "(for single cases only)" in search.json()["detail"]
    granted(strict, begins="2026-06-01T00:00:00Z", ends="2026-12-31T00:00:00Z")
    assert "begins 2026-06-01" in strict.auditor.get(path).json()["detail"]
    only = granted(strict, cases=[told.id]).json()["grant_id"]
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


def test_entries_of_the_log_are_read_like_everything_else(
    people: People, strict: People, told: Told
) -> None:
    path = "/v1/log/tile/entries/000.p/3"
    monitor = people.named("auditor", "a-9", None)
    assert told.id
    assert monitor.get(path).status_code == 200
    entry = entries(people, reader="a-9")[0]
    assert (entry["event"]["what"], entry["event"]["path"]) == ("log-entries", path)
    del monitor.headers["Purpose"]
    assert monitor.get(path).json()["type"].endswith("purpose-missing")
    granted(strict)
    refused = strict.named("auditor", "a-1", None).get(path)
    assert refused.json()["type"].endswith("no-grant")


def test_a_hold_takes_no_grant_and_shows_no_more_than_one(
    strict: People, told: Told
) -> None:
    path = f"/v1/disputes/{told.id}/legal-holds"
    placed = strict.regulator.post(path, {"basis": "Inquiry 2026-3"})
    assert (placed.status_code, placed.content) == (204, b"")
    assert placed.headers["etag"]
    assert strict.regulator.get(f"/v1/disputes/{told.id}").status_code == 403
    log = strict.supervisor.get("/v1/audit/access-log", reader="r-1").json()["items"]
    assert log[0]["event"]["what"] == "command"
    granted(strict, reader="r-1", role="regulator")
    shown = strict.regulator.post(path, {"basis": "Inquiry 2026-4"})
    assert (shown.status_code, shown.json()["id"]) == (200, told.id)


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
