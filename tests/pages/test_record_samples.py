"""Samples: drawn at random, and by anybody once more."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from hashlib import sha256
from html import unescape

import pytest

from interface.run.worker import Worker
from tests.http.conftest import People, file_for
from tests.http.conftest import whole_worker as background
from tests.pages.conftest import check_page
from tests.pages.page_words import check_language
from tests.pages.record_reader import RecordReaders, readers

__all__ = ["background", "readers"]

DRAWN = re.compile(r'<th scope="row"><a href="/record/cases/([0-9a-f-]{36})">')


def drawn_by(ids: list[str], seed: str, count: int) -> list[str]:
    def ticket(one: str) -> str:
        return sha256(f"{seed}:{one}".encode()).hexdigest()

    return sorted(ids, key=ticket)[:count]


@pytest.fixture
def cases(people: People, background: Worker) -> list[str]:
    found = [file_for(people, f"o-{n}") for n in range(12)]
    found += [file_for(people, f"p-{n}", seller="s-2") for n in range(3)]
    background.catch_up()
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_regulator_draws_and_anybody_draws_the_same(
    readers: RecordReaders, people: People, cases: list[str], lang: str
) -> None:
    reader = readers.who_has_said(role="regulator", lang=lang)
    asked = {"seller": "s-1", "since": "2026-03-01", "until": "2026-03-31"}
    asked |= {"count": "5", "seed": "agreed-17"}
    page = reader.page("/record/samples", **asked)
    ids = sorted(cases[:12])
    assert DRAWN.findall(page) == drawn_by(ids, "agreed-17", 5)
    # The same again; another seed draws others.
    assert DRAWN.findall(reader.page("/record/samples", **asked)) == DRAWN.findall(page)
    others = reader.page("/record/samples", **asked | {"seed": "agreed-18"})
    assert DRAWN.findall(others) == drawn_by(ids, "agreed-18", 5)
    # What it was drawn from is listed, and its digest stated.
    listed = reader.get("/record/samples/population.txt", **asked)
    assert listed.text.split() == ids
    digest = sha256("".join(f"{one}\n" for one in ids).encode()).hexdigest()
    assert digest in page
    # The command on the page draws it too.
    command = re.search(r"python3 -c '(.*?)' 'agreed-17'", page)
    assert command
    done = subprocess.run(
        [sys.executable, "-c", command[1], "agreed-17"],
        input=listed.text,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == DRAWN.findall(page)
    # So does the API, with the same filter.
    api = people.regulator.get(
        "/v1/disputes", seller="s-1", sample=5, seed="agreed-17"
    ).json()
    assert [one["id"] for one in api["items"]] == DRAWN.findall(page)
    check_language(
        re.sub(r'<(\w+) class="theirs">.*?</\1>', "", page).replace("r-1", ""), lang
    )


def test_with_no_seed_there_is_a_new_one_each_time(readers: RecordReaders) -> None:
    reader = readers.who_has_said(role="regulator")
    seeds = {
        re.search(
            r'name="seed" value="([0-9a-f]{16})"', reader.page("/record/samples")
        )[1]  # type: ignore[index]
        for _ in range(3)
    }
    assert len(seeds) == 3
    assert not DRAWN.findall(reader.page("/record/samples"))


def test_fewer_cases_than_asked_for_are_all_of_them(
    readers: RecordReaders, cases: list[str]
) -> None:
    reader = readers.who_has_said()
    asked = {"seller": "s-2", "count": "20", "seed": "x"}
    page = reader.page("/record/samples", **asked)
    assert sorted(DRAWN.findall(page)) == sorted(cases[12:])
    none = reader.page("/record/samples", **asked | {"seller": "s-9"})
    assert "没有案件" in none


def test_the_bundles_of_a_sample_come_in_one_set_each_read_on_record(
    readers: RecordReaders, people: People, cases: list[str]
) -> None:
    reader = readers()
    asked = {"seller": "s-1", "count": "3", "seed": "x"}
    assert reader.get("/record/samples/bundles", **asked).status_code == 303
    reader.says("/record/samples", "Sample of March")
    answer = reader.get("/record/samples/bundles", **asked)
    assert answer.status_code == 200
    drawn = drawn_by(sorted(cases[:12]), "x", 3)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {one for one in drawn if any(one in name for name in archive.namelist())}
    for case in drawn:
        log = people.supervisor.get("/v1/audit/access-log", dispute=case).json()
        [entry] = log["items"]
        assert entry["event"]["what"] == "bundle"
        assert entry["event"]["purpose"] == "Sample of March"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"count": "0"}, "count"),
        ({"count": "101"}, "count"),
        ({"count": "many"}, "count"),
        ({"seed": "it's"}, "seed"),
        ({"seed": ""}, "seed"),
        ({"since": "soon"}, "since"),
        ({"since": "2026-03-05", "until": "2026-03-01"}, "until"),
        ({"platform": "other"}, "platform"),
        ({"seller": "s\u200b-1"}, "seller"),
    ],
)
def test_what_cannot_be_drawn_is_told_at_its_field(
    readers: RecordReaders, asked: dict[str, str], field: str
) -> None:
    reader = readers.who_has_said()
    answer = reader.get("/record/samples", **{"count": "20", "seed": "x"} | asked)
    assert answer.status_code == 400
    check_page(answer)
    if field != "platform":
        assert f'id="f-{field}-flaw"' in unescape(answer.text)


def test_a_sample_is_of_the_readers_own_platform(
    readers: RecordReaders, cases: list[str]
) -> None:
    asked = {"count": "20", "seed": "x"}
    other = readers.who_has_said(role="regulator", platform="other")
    assert not DRAWN.findall(other.page("/record/samples", **asked))
    every = readers.who_has_said(role="regulator", platform=None)
    assert len(DRAWN.findall(every.page("/record/samples", **asked))) == len(cases)
    named = every.get("/record/samples", **asked | {"seller": "s-1"})
    assert named.status_code == 400
    assert 'id="f-platform-flaw"' in named.text
    # The one platform that there is stands chosen, and the seller's field says why.
    form = every.page("/record/samples")
    assert '<option value="shop" selected>' in form
    assert 'aria-describedby="f-seller-hint"' in form
    assert "须同时选择平台" in form
    assert "须同时选择平台" not in other.page("/record/samples")
    typo = every.get("/record/samples", **asked | {"platform": "shpo"})
    assert typo.status_code == 400
    assert "没有这个平台的案件" in typo.text
