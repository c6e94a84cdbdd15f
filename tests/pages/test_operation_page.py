"""The operator's page: what health and doctor say, to whom, and another chance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from litestar.testing import TestClient

from application.deliveries.delivery_worker import NAME as DELIVERY
from application.jobs.status import JobKind
from application.jobs.wakeup import Listener
from domain.roles import Role
from interface.bootstrap import System, wire
from interface.pages.operation.named_parts import part_words
from interface.run.due_commands import Agenda
from interface.run.key_cache import KeyCacheRefresh
from interface.run.worker import Worker
from interface.settings import settings
from projections.health.health_finding import Part
from projections.registry import VIEWS
from tests.conftest import Clock
from tests.http.conftest import People, background, file_for, http, people
from tests.pages.conftest import Browse, Browser, browse, check_page
from tests.pages.page_words import Words

__all__ = ["background", "browse", "http", "people"]


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    """A system that names v-1 as who runs it."""
    read = settings.read(
        {
            "REDRESS_HOME": str(tmp_path),
            "DATABASE_URL": url,
            "REDRESS_OPERATORS": "shop/v-1, mall/v-7",
        }
    )
    one = wire(read, url, url, clock)
    yield one
    one.close()


def stop(system: System, case: str) -> None:
    """Halt a view, and have another one set a case aside."""
    with system.database.get_connection() as connection:
        connection.execute(
            "UPDATE followers SET halted = 'position 1: ValueError: odd'"
            " WHERE name = 'queue'"
        )
        connection.execute(
            "INSERT INTO parked VALUES ('notices', %s, 1, 'KeyError: odd')", (case,)
        )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_all_that_health_says(
    browse: Browse, people: People, background: Worker, system: System, lang: str
) -> None:
    case = file_for(people)
    background.catch_up()
    stop(system, case)
    page = browse("supervisor", lang=lang).page("/operator")
    from interface.health import examined

    found = examined(system)
    assert len(found.findings) >= 2
    for finding in found.findings:
        assert finding.said in page
    for view in found.views:
        words = part_words(view.name, lang)
        assert words
        assert f'{words} <code class="mono muted">{view.name}</code></th>' in page
    assert case in page
    assert "Undefined" not in page
    if lang == "zh":
        for words in Words(
            re.sub(r'(?s)<t[hd][^>]*class="mono".*?</t[hd]>', "", page)
        ).found:
            plain = re.sub(r"Redress|English|UTC|[a-z]-\d+|[0-9a-f-]{36}", "", words)
            assert not re.search("[A-Za-z]", plain), words
    else:
        text = re.sub("<[^>]+>", " ", page).replace("中文", "")
        assert not re.search("[\u3000-\u9fff]", text)


def test_every_part_has_words(system: System) -> None:
    names = {*Part, *(view.name for view in VIEWS)}
    names |= set(JobKind) - {JobKind.OTHER, JobKind.THREAD}
    names |= {"standing", "deliveries", "access seals", "witness a.example", "issuer x"}
    # Whatever the worker runs is reported by its name.
    threads = {one.name for one in Worker(system).led}
    assert len(threads) > 8
    names |= threads | {Agenda.name, Listener.name, DELIVERY, KeyCacheRefresh.name}
    for lang in ("zh", "en"):
        assert [name for name in names if not part_words(name, lang)] == []
    assert part_words("another", "zh") == ""


def test_what_is_not_due_is_said_in_words(browse: Browse) -> None:
    for lang, said, without in (
        ("zh", "没有到期未办的事项", "最早一件到期已"),
        ("en", "nothing is due", "the first has been due"),
    ):
        page = browse("supervisor", lang=lang).page("/operator")
        assert said in page
        assert without not in page
        assert "goes on" not in page


def after(operator: Browser, path: str, **form: str) -> str:
    """Return the page that a form leads to: Back and reload send nothing again."""
    answer = operator.post(path, **form)
    assert answer.status_code == 303
    return operator.page(answer.headers["location"])


@pytest.mark.parametrize(
    "query",
    ["told=retried&view=<b>&n=1", "told=severity-note&view=queue&n=1", "told=retried"],
)
def test_a_link_says_nothing_that_the_page_does_not_know(
    browse: Browse, query: str
) -> None:
    supervisor = browse("supervisor")
    assert 'class="then" role="status"' not in supervisor.page(f"/operator?{query}")
    known = supervisor.page("/operator?told=retried&view=queue&n=1")
    assert 'class="then" role="status"' in known


def test_an_operator_gives_what_stands_still_another_chance(
    browse: Browse, people: People, background: Worker, system: System
) -> None:
    case = file_for(people)
    background.catch_up()
    stop(system, case)
    operator = browse("supervisor")
    assert 'name="reason"' in operator.page("/operator")
    unsaid = operator.post("/operator/retry", view="queue", reason=" ")
    check_page(unsaid)
    assert "请填写 1 至 200 个可见字符" in unsaid.text
    for view, one in (("queue", ""), ("notices", case)):
        form = {"view": view, "case": one, "reason": "Repaired."}
        assert "已重试" in after(operator, "/operator/retry", **form)
    with system.database.get_connection() as connection:
        halted = connection.execute(
            "SELECT 1 FROM followers WHERE halted IS NOT NULL"
        ).fetchall()
        aside = connection.execute("SELECT 1 FROM parked").fetchall()
    assert (halted, aside) == ([], [])
    # Who did so, and why, is in the access log.
    entries = people.auditor.get("/v1/audit/access-log").json()["items"]
    tried = [one for one in entries if "Repaired." in str(one)]
    overseer = browse("auditor", platform=None)
    assert "Repaired." not in overseer.page("/operator")
    assert tried == [] or all("v-1" in str(one) for one in tried)
    again = {"view": "queue", "reason": "Once more."}
    assert "没有停止" in after(operator, "/operator/retry", **again)


def test_an_operator_sends_again_what_was_given_up(
    browse: Browse, people: People, background: Worker, system: System
) -> None:
    hook = {"url": "https://8.8.4.4/hook", "events": ["filed"]}
    assert people.supervisor.post("/v1/webhooks", hook).is_success
    file_for(people)
    background.catch_up()
    kill = "UPDATE deliveries SET state = 'dead', ended_at = now(), next_at = NULL"
    with system.database.get_connection() as connection:
        connection.execute(kill)
    operator = browse("supervisor")
    page = operator.page("/operator")
    assert "https://8.8.4.4/hook" in page
    assert 'action="/operator/deliveries"' in page
    overseer = browse("auditor", platform=None)
    assert "https://8.8.4.4/hook" not in overseer.page("/operator")
    assert overseer.post("/operator/deliveries").status_code == 403
    assert "已安排重新发送 1 条" in after(operator, "/operator/deliveries")
    with system.database.get_connection() as connection:
        rows = connection.execute("SELECT state FROM deliveries").fetchall()
    assert [row["state"] for row in rows] == ["waiting"]
    assert 'action="/operator/deliveries"' not in operator.page("/operator")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CLOCK}))
def test_nobody_is_shown_more_than_by_the_api(
    browse: Browse, people: People, background: Worker, system: System, role: str
) -> None:
    case = file_for(people)
    background.catch_up()
    stop(system, case)
    overseer = role in {"auditor", "regulator"}
    one_platform = browse(role, "x-1").get("/operator")
    assert one_platform.status_code == 403
    check_page(one_platform)
    assert 'href="/operator"' not in browse(role, "x-1").page("/")
    if not overseer:
        return
    reader = browse(role, "x-1", platform=None)
    page = reader.page("/operator")
    assert 'href="/operator"' in reader.page("/")
    # Health names the case in a finding; the table and the forms are the operator's.
    assert 'action="/operator/retry"' not in page
    refused = reader.post("/operator/retry", view="queue", reason="Please.")
    assert refused.status_code == 403


def test_another_platforms_supervisor_of_that_name_is_no_operator(
    browse: Browse,
) -> None:
    assert (
        browse("supervisor", "v-1", platform="mall").get("/operator").status_code == 403
    )
    assert (
        browse("supervisor", "v-7", platform="mall").get("/operator").status_code == 200
    )
    assert browse("mediator", "v-1").get("/operator").status_code == 403


def test_a_rebuild_is_told_while_it_goes_on(browse: Browse, url: str) -> None:
    from interface.cli.rebuild_report import reported

    operator = browse("supervisor")
    with reported(url) as tell:
        tell(1234)
        assert "1234" in operator.page("/operator")
    assert "1234" not in operator.page("/operator")


def test_its_reader_stays_signed_out_of_forms_of_others(
    http: TestClient[Any], browse: Browse
) -> None:
    form = {"view": "queue", "reason": "Mine.", "key": str(uuid4())}
    assert (
        browse("supervisor").post("/operator/retry", token="0" * 64, **form).status_code
        == 403
    )
    assert http.get("/operator", follow_redirects=False).status_code in {302, 303}
