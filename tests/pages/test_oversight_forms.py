"""Grants and erasures as forms: a supervisor gives, revokes, asks; another approves."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.pages.conftest import check_page
from tests.pages.page_words import check_language
from tests.pages.record_reader import RecordReaders, readers

__all__ = ["readers"]

GRANT = {
    "reader": "a-1",
    "role": "auditor",
    "begins": "2026-03-01",
    "ends": "2026-11-30",
    "purpose": "Audit 2026",
    "disputes": "",
}


def send(browser: Any, path: str, **form: str) -> Any:
    return browser.post(path, **{"key": str(uuid4())} | form)


def test_a_grant_is_given_once_and_revoked(
    readers: RecordReaders, people: People
) -> None:
    reader, key = readers("supervisor"), str(uuid4())
    for _ in range(2):
        done = send(reader, "/record/grants", **GRANT, key=key)
        assert (done.status_code, done.headers["location"]) == (303, "/record/grants")
    [grant] = people.auditor.get("/v1/audit/grants").json()["items"]
    assert grant["begins"] == "2026-02-28T16:00:00Z"
    # Until a day includes it.
    assert grant["ends"] == "2026-11-30T16:00:00Z"
    assert grant["disputes"] is None
    page = reader.page("/record/grants")
    path = f"/record/grants/{grant['id']}/revocation"
    assert f'action="{path}"' in page
    assert send(reader, path).status_code == 303
    [revoked] = people.auditor.get("/v1/audit/grants").json()["items"]
    assert revoked["revoked_by"] == "v-1"
    assert path not in reader.page("/record/grants")
    one = str(uuid4())
    send(reader, "/record/grants", **GRANT | {"disputes": one})
    listed = people.auditor.get("/v1/audit/grants").json()["items"]
    assert [one] in [grant["disputes"] for grant in listed]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"reader": ""}, {"reader"}),
        ({"begins": "soon", "purpose": " "}, {"begins", "purpose"}),
        ({"ends": "2026-02-01"}, {"ends"}),
        ({"ends": "2028-02-01"}, {"ends"}),
        ({"disputes": "17"}, {"disputes"}),
        ({"role": "buyer"}, {"role"}),
    ],
)
def test_what_is_wrong_with_a_grant_is_told_at_its_fields(
    readers: RecordReaders, lang: str, changed: dict[str, str], fields: set[str]
) -> None:
    reader = readers("supervisor", lang=lang)
    answer = send(reader, "/record/grants", **GRANT | changed)
    assert answer.status_code in {400, 422}
    check_page(answer)
    assert set(re.findall(r'id="f-(\w+)-flaw"', answer.text)) == fields
    if "purpose" not in changed:
        assert 'value="Audit 2026"' in answer.text
    plain = re.sub(r'value="[^"]*"', "", answer.text)
    check_language(re.sub(r'<span class="who">.*?</span>', "", plain), lang)


def test_an_erasure_is_asked_for_and_approved_by_another(
    readers: RecordReaders, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock)
    reader = readers("supervisor")
    asked = {"subject": "b-1", "role": "buyer", "basis": "Request 2026-12"}
    live = send(reader, "/record/erasures", **asked)
    assert live.status_code == 409
    check_page(live)
    assert "b-1" in live.text
    assert story.id in live.text
    refusal = {"ground": "no-basis", "explanation": "Nothing.", "routes": ["court"]}
    story.act("mediator", "refusal", refusal)
    clock.forward(days=1500)
    background.catch_up()
    empty = send(reader, "/record/erasures", **asked | {"basis": ""})
    assert empty.status_code == 400
    assert 'id="f-basis-flaw"' in empty.text
    assert send(reader, "/record/erasures", **asked).status_code == 303
    [erasure] = people.auditor.get("/v1/erasures").json()["items"]
    path = f"/record/erasures/{erasure['id']}/approval"
    assert path not in reader.page("/record/erasures")
    own = send(reader, path)
    assert own.status_code == 403
    assert "不能批准自己的申请" in own.text
    other = readers("supervisor", subject="v-2")
    assert path in other.page("/record/erasures")
    assert send(other, path).status_code == 303
    [done] = people.auditor.get("/v1/erasures").json()["items"]
    assert done["approved_by"] == "v-2"


def test_nobody_else_may(readers: RecordReaders) -> None:
    for role in ("auditor", "regulator"):
        reader = readers.who_has_said(role=role)
        for path in ("/record/grants", "/record/erasures"):
            assert 'method="post" action="/record' not in reader.page(path)
            assert send(reader, path, **GRANT).status_code == 403
        for path in ("/record/grants/{}/revocation", "/record/erasures/{}/approval"):
            assert send(reader, path.format(uuid4())).status_code == 403
    supervisor = readers("supervisor")
    unknown = send(supervisor, f"/record/grants/{uuid4()}/revocation")
    assert unknown.status_code == 404
