"""Accesses, grants, erasures and holds as pages, where reading takes a grant, and
cases of other logs."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.log.sign import key_file
from interface.bootstrap import System, wire
from interface.run.worker import Worker
from interface.settings import settings
from interface.verified_bundle import verify_bundle
from tests.bundle.conftest import asked, case, made
from tests.bundle.made_bundle import make
from tests.bundle.test_imported_bundles import elsewhere, keep
from tests.bundle.witnesses import cosign, vkey, witness
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import People, file_for
from tests.http.conftest import whole_worker as background
from tests.http_app import serving
from tests.pages.conftest import check_page
from tests.pages.page_words import check_language
from tests.pages.record_reader import WHY, RecordReaders, readers

__all__ = [
    "asked",
    "background",
    "case",
    "elsewhere",
    "made",
    "readers",
    "verify_bundle",
]

NUMBER = re.compile(r'<th scope="row" class="n">([\d,]+)</th>')
GRANT = {
    "reader": "a-1",
    "role": "auditor",
    "begins": "2026-03-01T00:00:00+08:00",
    "ends": "2026-12-01T00:00:00+08:00",
    "purpose": "Audit 2026",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_access_log_is_that_of_the_api(
    readers: RecordReaders, people: People, background: Worker, lang: str
) -> None:
    one = file_for(people)
    people.supervisor.post("/v1/audit/grants", GRANT)
    background.catch_up()
    path = f"/record/cases/{one}"
    reader = readers.who_has_said(path, lang=lang)
    reader.page(path)
    people.regulator.get(f"/v1/audit/disputes/{one}/replay")
    page = reader.page("/record/accesses")
    told = people.supervisor.get("/v1/audit/access-log").json()["items"]
    # The supervisor's own look is the last entry, and the page was read before it.
    assert [int(n) for n in NUMBER.findall(page)] == [
        entry["number"] for entry in told[1:]
    ]
    found = reader.page("/record/accesses", what="replay", dispute=one)
    assert len(NUMBER.findall(found)) == 1
    assert "Audit 2026-Q1" in found
    assert len(NUMBER.findall(reader.page("/record/accesses", reader="r-1"))) == 1
    assert not NUMBER.findall(reader.page("/record/accesses", since="2027-01-01"))
    bad = reader.get("/record/accesses", dispute="x", since="soon", what="y")
    assert bad.status_code == 400
    check_page(bad)
    assert bad.text.count("err-msg") == 3
    check_language(re.sub(r'<(\w+) class="theirs">.*?</\1>', "", page), lang)


def test_a_page_of_accesses_follows_another(
    readers: RecordReaders, people: People
) -> None:
    reader = readers.who_has_said()
    for _ in range(51):
        people.auditor.get("/v1/audit/grants")
    first = reader.page("/record/accesses")
    link = re.search(r'href="([^"]+)" rel="next"', first)
    assert link
    second = reader.page(link[1])
    numbers = [*NUMBER.findall(first), *NUMBER.findall(second)]
    assert len(numbers) == len(set(numbers)) == 52


def test_grants_erasures_and_holds_are_listed(
    readers: RecordReaders, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock)
    refusal = {"ground": "no-basis", "explanation": "Nothing.", "routes": ["court"]}
    story.act("mediator", "refusal", refusal)
    asked_for = {"subject": "b-1", "role": "buyer", "basis": "Request 2026-12"}
    people.supervisor.post("/v1/audit/grants", GRANT | {"disputes": [story.id]})
    revoked = people.supervisor.post("/v1/audit/grants", GRANT).json()["id"]
    people.supervisor.post(f"/v1/audit/grants/{revoked}/revocation")
    people.regulator.act(story.id, "legal-holds", {"basis": "Order 77"})
    people.regulator.act(story.id, "legal-holds/1/lifting", {"basis": "Settled"})
    clock.forward(days=1500)
    background.catch_up()
    erasure = people.supervisor.post("/v1/erasures", asked_for)
    assert erasure.status_code == 201, erasure.text
    for lang in ("zh", "en"):
        reader = readers.who_has_said(lang=lang)
        grants = reader.page("/record/grants")
        assert grants.count("Audit 2026") == 2
        assert f'href="/record/cases/{story.id}"' in grants
        assert ("已撤销" if lang == "zh" else "Revoked") in grants
        erasures = reader.page("/record/erasures")
        assert "Request 2026-12" in erasures
        placed = reader.page("/record/holds")
        assert placed.count(f'href="/record/cases/{story.id}#holds"') == 1
        lifted = reader.page("/record/holds", type="legal-hold-lifted")
        assert lifted.count(f'href="/record/cases/{story.id}#holds"') == 1
        other = readers.who_has_said(platform="other", lang=lang)
        for path in ("/record/grants", "/record/erasures", "/record/holds"):
            page = other.page(path)
            assert "Audit 2026" not in page.replace(WHY, "")
            assert "Request 2026-12" not in page
            assert str(story.id) not in page
            check_language(re.sub(r'<(\w+) class="theirs">.*?</\1>', "", page), lang)


@pytest.fixture
def strict(url: str, tmp_path: Path, clock: Clock) -> System:
    """An installation where reading takes a grant."""
    read = settings.read(
        {
            "REDRESS_HOME": str(tmp_path),
            "DATABASE_URL": url,
            "REDRESS_AUDIT_GRANTS": "required",
        }
    )
    return wire(read, url, url, clock)


def test_where_reading_takes_a_grant_a_page_does_too(
    strict: System, people: People, background: Worker
) -> None:
    one, other = file_for(people), file_for(people, "o-2")
    background.catch_up()
    with serving(strict) as http:
        path, its = f"/record/cases/{one}", People(http, strict)
        reader = RecordReaders(http, strict).who_has_said(
            path, f"/record/cases/{other}"
        )
        refused = reader.get(path)
        assert refused.status_code == 403
        check_page(refused)
        assert "没有查阅授权" in refused.text
        assert reader.get(f"{path}/bundle").status_code == 403
        its.supervisor.post("/v1/audit/grants", GRANT | {"disputes": [one]})
        assert reader.get(path).status_code == 200
        assert reader.get(f"/record/cases/{other}").status_code == 403
        assert reader.get("/record").status_code == 403
        assert reader.get("/record/samples").status_code == 403
        sample = "/record/samples/bundles?count=5&seed=x"
        assert reader.get(sample).status_code == 403
        its.supervisor.post("/v1/audit/grants", GRANT)
        assert reader.get("/record").status_code == 200
        assert reader.get(sample).status_code == 200


def test_a_case_of_another_log_is_told_as_that(
    system: System, elsewhere: System, case: UUID
) -> None:
    keep(elsewhere, make(system, case, opened=True), system)
    path = f"/record/cases/{case}"
    with serving(elsewhere) as http:
        reader = RecordReaders(http, elsewhere).who_has_said(path)
        page = reader.page(path, at="3", **{"from": "2", "to": "5"})
        assert "导入自 redress.localhost/log" in page
        assert 'class="proof"' not in page
        bundle = reader.get(f"{path}/bundle").content
        assert bundle == make(system, case, opened=True).content
        assert reader.get(f"/record/cases/{uuid4()}").status_code == 303


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fact_tells_how_many_of_the_witnesses_have_cosigned_it(
    url: str,
    tmp_path: Path,
    clock: Clock,
    system: System,
    people: People,
    background: Worker,
    lang: str,
) -> None:
    one = file_for(people)
    background.catch_up()
    three = [witness(tmp_path, name) for name in ("w1", "w2", "w3")]
    log = vkey(key_file.read(system.settings.log.key))
    lines = [f"log {log}"]
    lines += [f"witness {n.name} {vkey(n)} http://127.0.0.1:9/" for n in three]
    lines += ["group quorum-of 2 w1 w2 w3", "quorum quorum-of", ""]
    (tmp_path / "policy").write_text("\n".join(lines))
    with system.database.get_connection() as connection:
        cosign(connection, int(clock.now.timestamp()), *three[:2])
    read = settings.read(
        {
            "REDRESS_HOME": str(tmp_path),
            "DATABASE_URL": url,
            "REDRESS_LOG_POLICY": str(tmp_path / "policy"),
        }
    )
    path, words = f"/record/cases/{one}", "2/3 家见证" if lang == "zh" else "2 of 3"
    nobody = "尚无见证联署" if lang == "zh" else "not yet co-signed"
    few = "未达门槛" if lang == "zh" else "fewer than the quorum"
    with serving(wire(read, url, url, clock)) as http:
        named = RecordReaders(http, http.app.state.system)
        page = named.who_has_said(path, lang=lang).page(path)
        assert words in page
        assert nobody not in page
        assert few not in page
        # What came later stands in no tree that a witness has co-signed.
        other = file_for(people, "o-9")
        background.catch_up()
        later = f"/record/cases/{other}"
        page = named.who_has_said(later, lang=lang).page(later)
        assert nobody in page
        assert 'class="proof proof--few"' in page
        with system.database.get_connection() as connection:
            cosign(connection, int(clock.now.timestamp()), three[2])
        page = named.who_has_said(later, lang=lang).page(later)
        assert words.replace("2", "1", 1) in page
        assert few in page
    # Who knows no policy counts who has signed beside the log.
    known = "2 家见证" if lang == "zh" else "witnesses: 2"
    with serving(system) as http:
        assert known in RecordReaders(http, system).who_has_said(path, lang=lang).page(
            path
        )
