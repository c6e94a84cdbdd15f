"""The pages of figures: for everyone, in both languages, and nothing that is hidden."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image

from application.record.row_scope import Beyond, Sees, beyond, seeing
from application.texts import say
from interface.bootstrap import System
from interface.pages.charts.public_words import Wording
from interface.pages.charts.report_charts import CHARTS
from interface.pages.public.missing_charts import DRAWN_FROM, HEADINGS
from interface.run.worker import Worker
from projections.figures.metrics import metrics
from projections.reports.period import Question
from projections.reports.public_report import PublicReport
from projections.reports.publication_terms import Author
from projections.reports.report_publication import publish
from projections.reports.small_numbers import SMALLEST
from tests.conftest import Clock
from tests.http.conftest import People, file_for
from tests.pages.conftest import (
    Browse,
    background,
    browse,
    check_page,
    http,
    people,
    system,
)
from tests.pages.page_words import check_language
from tests.pages.public_reports import (
    CATEGORIES,
    by_category,
    by_month,
    by_reason,
    cases,
    published,
    share,
    uncut,
    with_left_out,
)
from tests.pages.stored_editions import store

__all__ = ["background", "browse", "http", "people", "system"]

LANGUAGES = ("zh", "en")


def main_of(page: str) -> str:
    """Return what a page is about, without the line that paper has at its end."""
    return page.partition("<main")[2].partition('<p class="printed">')[0]


@pytest.fixture
def period(system: System) -> None:
    store(system, uncut(filed=400, escalated=90), period="2026-Q2")
    for report in (uncut(), by_month(), by_category(), by_reason()):
        store(system, report)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_report_the_page_says_when_there_will_be_one(
    browse: Browse, language: str
) -> None:
    page = browse(None, lang=language).page("/figures")
    said = {"zh": "还没有已发布的报告", "en": "No report has been published yet"}
    assert said[language] in page
    check_language(page, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_figure_says_how_many_it_leaves_out_and_why(
    browse: Browse, system: System, language: str
) -> None:
    left_out = {"response-in-time": 110, "settlement-rate": 3, "claim-met-rate": 0}
    left_out |= {"opened": 0, "ruling-in-time": 0}
    store(system, with_left_out(uncut(), left_out, {"opened": 12, "ruling-in-time": 2}))
    page = browse(None, lang=language).page("/figures")
    check_language(page, language)
    cards = {
        one.partition('href="/figures/definitions#')[2].partition('"')[0]: unescape(one)
        for one in page.split('<article class="card key">')[1:]
    }
    words = Wording(language, system.rulebooks.codes)

    def said(figure: str, code: str, **filling: str) -> bool:
        return words.say("figures", code, **filling) in cards[figure]

    def why(figure: str) -> str:
        return words.say("figure_words", f"{figure}-left-out")

    filed, ruled = (words.say("dated_by", one) for one in ("opened_at", "ruled_at"))
    undated = words.say("figures", "undated", date=filed)
    few = words.say("figures", "undated", date=ruled)
    assert said(
        "response-in-time", "left-out-many", n="110", why=why("response-in-time")
    )
    # Of three nobody hears the number.
    assert said("settlement-rate", "left-out-few", why=why("settlement-rate"))
    assert said("claim-met-rate", "left-out-none")
    assert why("claim-met-rate") not in cards["claim-met-rate"]
    assert said("opened", "left-out-many", n="10", why=undated)
    assert said("ruling-in-time", "left-out-few", why=few)
    # A hidden number could be subtracted from all cases, beside what is left out.
    assert "3" not in re.findall(r"\d+", cards["settlement-rate"].partition("<dl>")[2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rate_says_by_how_much_it_is_off_and_of_few_cases_there_is_none(
    browse: Browse, system: System, language: str
) -> None:
    many, few = share("response-in-time", 30, 50), share("settlement-rate", 9, 17)
    report = published("none", {"all": (cases("opened", 70), many, few)})
    # As it was published before there was the rule.
    (group,) = report.groups
    told = [
        replace(one, value=0.67) if one.id == few.id else one for one in group.figures
    ]
    old = replace(report, groups=(replace(group, figures=tuple(told)),))
    name = store(system, old)
    browser = browse(None, lang=language)
    page, edition = browser.page("/figures"), browser.page(f"/figures/{name}")
    check_language(page, language)
    words = Wording(language, system.rulebooks.codes)
    for text in (page, edition):
        assert "67%" not in text
        assert words.say("gaps", "few") in text
        assert words.say("gaps", "rates-why") in text
    cards = page.split('<article class="card key">')
    (card,) = (one for one in cards if "settlement-rate-1" in one)
    assert re.findall(r"<b>(\d+)</b>", card) == ["10", "15"]
    assert words.say("figures", "rate-off", n="7") in page
    rows = browser.get(f"/figures/{name}/editions/1/figures.csv").text
    assert "settlement-rate,1,,share,,,10,15,,,false," in rows
    published_once = browser.http.get(f"/v1/transparency/published/{name}").json()
    assert published_once["report"]["groups"][0]["figures"][2]["value"] == 0.67


def test_an_edition_from_before_these_numbers_says_it_in_words(
    browse: Browse, system: System
) -> None:
    store(system, replace(uncut(), left_out=None))
    page = unescape(browse(None, lang="en").page("/figures"))
    words = Wording("en", system.rulebooks.codes)
    assert words.say("figure_words", "response-in-time-left-out") in page
    assert words.say("figures", "left-out-none") not in page


@pytest.mark.usefixtures("period")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_period_shows_figures_charts_and_reports(
    browse: Browse, language: str
) -> None:
    page = browse(None, lang=language).page("/figures")
    check_language(page, language)
    for chart in CHARTS:
        assert '<figure class="card chart' in page
        assert f'id="{chart}"' in page
        assert f'id="{chart}-narrow-d"' in page
    title = {
        "zh": "2026年第三季度纠纷处理数据",
        "en": "Disputes in figures: Q3",
    }
    assert title[language] in page
    trend = {"zh": "比上一期多 80 件", "en": "80 more cases than in the period before"}
    assert trend[language] in page
    # A figure is never a bare number.
    for part in ("300", "370", "response-in-time-1"):
        assert part in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_chart_that_is_missing_says_why_and_what_brings_it(
    browse: Browse, system: System, language: str
) -> None:
    store(system, uncut())
    page = browse(None, lang=language).page("/figures")
    check_language(page, language)
    for chart in CHARTS:
        drawn = f'id="{chart}"' in page
        assert drawn is (DRAWN_FROM[chart] == "none"), chart
    missing = page.partition('id="missing"')[2].partition("</dl>")[0]
    wordings = Wording(language, system.rulebooks.codes)
    told = [wordings.say(*HEADINGS[one]) for one in CHARTS]
    cuts = [one for one in DRAWN_FROM.values() if one != "none"]
    assert [f"<dt>{one}</dt>" in missing for one in told] == [
        DRAWN_FROM[one] != "none" for one in CHARTS
    ]
    for cut in cuts:
        assert f"<code>redress report publish 2026-Q3 --by {cut}</code>" in missing
    for report in (by_month(), by_category(), by_reason()):
        store(system, report)
    assert 'id="missing"' not in browse(None, lang=language).page("/figures")
    # A single category has no chart that compares them.
    alone = browse(None, lang=language).page(f"/figures?category={CATEGORIES[0]}")
    said = wordings.say("missing_chart", "one-group")
    assert said in alone.partition('id="missing"')[2]


@pytest.mark.usefixtures("period")
def test_the_address_says_what_is_chosen(browse: Browse) -> None:
    browser = browse(None, lang="en")
    page = browser.page("/figures", period="2026-Q2")
    assert "Q2 2026" in page
    assert "400 cases" in page
    assert '<option value="2026-Q2" selected>' in page
    chosen = browser.page("/figures", period="2026-Q3", category="delivery")
    assert '<option value="delivery" selected>' in chosen
    assert "5.4 days" in chosen
    assert 'id="filed-closed"' not in chosen
    other = browser.page("/figures", period="2026-Q3", channel="order-page")
    assert "No report with this breakdown has been published" in other


@pytest.mark.usefixtures("period")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_there_is_not_is_told_where_it_is_chosen(
    browse: Browse, language: str
) -> None:
    asked = {
        "period": ("2026-Q1", "2026-Q3"),
        "platform": ("x", ""),
        "category": ("nowhere", "quality"),
        "channel": ("pigeon", "order-page"),
    }
    for field, (value, known) in asked.items():
        answer = browse(None, lang=language).get("/figures", **{field: value})
        assert answer.status_code == 400
        assert answer.headers["cache-control"] == "no-store"
        check_page(answer)
        check_language(answer.text.replace(value, ""), language)
        said = unescape(answer.text).partition(f'id="{field}-fault"')[2]
        assert value in said.partition("</span>\n")[0]
        assert f"<code>{known}</code>" in said.partition("</div>")[0] or not known
        assert f'aria-describedby="{field}-fault"' in answer.text
        # Nothing is answered in its place.
        assert 'id="keys-h"' not in answer.text
        assert "<figure" not in answer.text


@pytest.mark.usefixtures("period")
def test_a_page_is_kept_and_compared_by_its_tag(browse: Browse) -> None:
    browser = browse(None, lang="en")
    first = browser.get("/figures")
    assert first.headers["cache-control"] == "public, max-age=300"
    tag = first.headers["etag"]
    browser.headers["If-None-Match"] = tag
    assert browser.get("/figures").status_code == 304
    browser.headers["Accept-Language"] = "zh"
    answer = browser.get("/figures")
    assert answer.status_code == 200
    assert answer.headers["etag"] != tag
    assert "set-cookie" not in answer.headers
    chosen = browser.get("/figures", lang="zh")
    assert "redress-language=zh" in chosen.headers["set-cookie"]
    assert chosen.headers["cache-control"] == "private, max-age=300"


@pytest.mark.usefixtures("period")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["2026-Q3", "2026-Q3-month", "2026-Q3-category", "2026-Q2"]
)
def test_an_edition_shows_all_numbers_and_how_to_check_them(
    browse: Browse, name: str, language: str
) -> None:
    browser = browse(None, lang=language)
    page = browser.page(f"/figures/{name}")
    same = browser.page(f"/figures/{name}/editions/1")
    assert main_of(page) == main_of(same)
    check_language(page, language)
    assert f"/v1/transparency/published/{name}/editions/1" in page
    digest = re.search(r"[0-9a-f]{64}", page)
    assert digest is not None
    shown = browser.http.get(f"/v1/transparency/published/{name}").json()
    assert shown["manifest"]["sha256"] in page
    assert browser.get(f"/figures/{name}/editions/2").status_code == 404
    assert browser.get("/figures/2020").status_code == 404


@pytest.mark.usefixtures("period")
def test_every_file_of_a_chart_is_there(browse: Browse) -> None:
    browser = browse(None, lang="en")
    page = browser.page("/figures")
    files = re.findall(r'href="(/figures/[^"]+)" download', page)
    assert len(files) == 3 * len(CHARTS)
    for one in files:
        answer = browser.get(one)
        assert answer.status_code == 200, one
        assert answer.headers["etag"]
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-disposition"].startswith("attachment;")
        if ".svg" in one:
            assert answer.headers["content-type"] == "image/svg+xml"
            assert "Q3 2026, edition 1" in answer.text
        if ".png" in one:
            assert answer.headers["content-type"] == "image/png"
            with Image.open(BytesIO(answer.content)) as picture:
                assert picture.width > 1_000
    for missing in ("days.svg", "days.png", "nothing.svg", "funnel.gif", "funnel"):
        path = f"/figures/2026-Q3/editions/1/{missing}"
        assert browser.get(path).status_code == 404


@pytest.mark.usefixtures("period")
def test_all_numbers_are_a_file(browse: Browse) -> None:
    answer = browse(None).get("/figures/2026-Q3-category/editions/1/figures.csv")
    lines = answer.text.removeprefix("\ufeff").splitlines()
    assert lines[0].startswith("period,edition,group,figure,version,part,unit,value")
    assert "2026-Q3,1,delivery,closed,1,settled,cases,60,,60,,,,false," in lines
    assert "2026-Q3,1,delivery,closed,1,refused,cases,,,,,,,true," in lines


def test_a_name_in_that_file_is_no_formula(browse: Browse, system: System) -> None:
    closed = cases("closed", 60, {"@SUM(1)": 60})
    name = store(system, published("category", {"=1+1": (closed,)}))
    text = browse(None).get(f"/figures/{name}/editions/1/figures.csv").text
    _, whole, part = text.removeprefix("\ufeff").splitlines()
    assert whole.startswith("2026-Q3,1,'=1+1,closed,1,,cases,60,")
    assert part.startswith("2026-Q3,1,'=1+1,closed,1,'@SUM(1),cases,60,")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_correction_is_listed_with_each_number(
    system: System, browse: Browse, language: str
) -> None:
    first, second = uncut(), uncut(filed=500, escalated=3)
    name = store(system, first)
    store(system, second, before=first, reason="2026-10")
    browser = browse(None, lang=language)
    page = browser.page(f"/figures/{name}")
    check_language(page, language)
    row = re.search(r"<tr>(?:(?!</tr>).)*>480<.*?</tr>", page)
    assert row is not None
    assert ">500<" in row[0]
    # What the newer edition withholds, the list of differences does not repeat.
    fixes = page[page.index('id="fixes"') : page.index('id="charts-h"')]
    assert ">150<" not in fixes
    assert "2026-10" in browser.page("/figures")
    old = browser.page(f"/figures/{name}/editions/1")
    later = {"zh": "已有更新的版本", "en": "There is a later edition"}
    assert later[language] in old
    assert later[language] not in page


@pytest.mark.parametrize(
    ("written", "tag", "other"),
    [("重复统计了五件。", "zh-CN", "en"), ("Five were counted twice.", "en", "zh")],
)
def test_the_reason_of_a_correction_says_in_which_language_it_is(
    system: System, browse: Browse, written: str, tag: str, other: str
) -> None:
    first, second = uncut(), uncut(filed=500, escalated=3)
    name = store(system, first)
    store(system, second, before=first, reason=written)
    mark = say("reasons", f"written-in-{tag[:2]}", other)
    browser = browse(None, lang=other)
    for path in (f"/figures/{name}", "/figures"):
        assert f'<bdi lang="{tag}">{written}</bdi>{mark}<' in browser.page(path)


@pytest.mark.parametrize(("language", "kind"), [("zh", "警告"), ("en", "Warning")])
def test_a_correction_names_parts_and_shares_as_the_figures_do(
    system: System, browse: Browse, language: str, kind: str
) -> None:
    def report(counted: int) -> PublicReport:
        figures = (
            cases("sanctioned", 120, {"warning": counted, "fee": 120 - counted}),
            share("response-in-time", counted * 2, 200),
            share("settlement-rate", counted - 40, 40),
        )
        report = published("none", {"all": figures})
        # As it was published when there were rates of few cases.
        (group,) = report.groups
        few = replace(group.figures[2], value=(counted - 40) / 40)
        figures_then = (*group.figures[:2], few)
        return replace(report, groups=(replace(group, figures=figures_then),))

    first, second = report(60), report(70)
    name = store(system, first)
    store(system, second, before=first, reason="2026-10")
    page = browse(None, lang=language).page(f"/figures/{name}")
    fixes = page.partition('id="fixes"')[2].partition("</section>")[0]
    assert kind in fixes
    assert "warning" not in fixes
    assert ">60%<" in fixes
    assert ">70%<" in fixes
    assert ">50%<" not in fixes
    assert ">75%<" not in fixes


@pytest.mark.parametrize("language", LANGUAGES)
def test_definitions_are_told_in_words_and_in_sql_a_link_away(
    browse: Browse, language: str
) -> None:
    browser = browse(None, lang=language)
    page = browser.page("/figures/definitions")
    check_language(page, language)
    counted = {
        "zh": "答复期限已过</dd>",
        "en": "the time to answer has passed</dd>",
    }
    assert counted[language] in page.partition('id="response-in-time"')[2]
    assert page.count("<section") == len(metrics())
    sql = browser.page("/figures/definitions", show="sql")
    check_language(sql, language)
    assert "<code>answered OR response_missed</code>" in sql
    for one in metrics():
        section = page.partition(f'id="{one.id}"')[2].partition("</section>")[0]
        assert section.count("<dt>") == (4 if one.out_of else 3), one.id
        assert f'href="/figures/definitions?show=sql#{one.id}"' in section
        # What is no name of a figure stands in no code.
        assert section.count("<code>") == 1


@pytest.mark.parametrize("seed", range(6))
def test_no_hidden_number_is_on_a_page_or_in_a_file(
    system: System, browse: Browse, seed: int
) -> None:
    """As the suppression's own property, with numbers of which many are small."""
    drawn = Random(seed)
    names = drawn.sample(CATEGORIES, drawn.randint(1, 6))
    table = {name: (drawn.randint(0, 12), drawn.randint(0, 12)) for name in names}
    groups = {
        name: (
            cases("closed", a + b, {"settled": a, "ruled": b}),
            share("settlement-rate", a, a + b),
        )
        for name, (a, b) in table.items()
    }
    name = store(system, published("category", groups))
    page = browse(None, lang="en").page(f"/figures/{name}")
    files = [browse(None, lang="en").get(one).text for one in _files(page)]
    counts = _counts(page, files)
    assert counts
    for counted in counts:
        assert counted % SMALLEST == 0, counted


def _files(page: str) -> list[str]:
    return re.findall(r'href="(/figures/[^"]+\.csv[^"]*)" download', page)


def _counts(page: str, files: list[str]) -> list[int]:
    """Return every number of cases that is shown: whole numbers in cells."""
    cells = re.findall(r"<td[^>]*>([\d,]+)</td>", page)
    parts = re.findall(r'class="nowrap">[^<]*? ([\d,]+)</span>', page)
    found: list[Any] = [*cells, *parts]
    for text in files:
        for line in text.splitlines()[1:]:
            fields = line.split(",")
            found += fields[9:11] if fields[0] == "2026-Q3" else fields[1:]
    return [int(one.replace(",", "")) for one in found if re.fullmatch(r"[\d,]+", one)]


def test_a_report_of_filed_cases_is_a_page_once_it_is_published(
    browse: Browse, people: People, background: Worker, system: System, clock: Clock
) -> None:
    clock.now = datetime(2026, 3, 10, tzinfo=UTC)
    for number in range(7):
        file_for(people, f"o-{number}")
    background.catch_up()
    clock.now = datetime(2026, 5, 1, tzinfo=UTC)
    author = Author(by="v-1", at=clock.now, zone=system.zone)
    with (
        beyond(Beyond.REPORT),
        seeing(Sees.ALL_FIGURES),
        system.database.get_connection() as connection,
    ):
        for by in ("none", "month", "category"):
            publish(connection, Question(period="2026-03", by=by), author)
    page = browse(None, lang="en").page("/figures")
    assert "Disputes in figures: Mar 2026" in page
    # Seven were filed: rounded, as everywhere else that is public.
    assert "5 cases" in page
    assert ">7<" not in page
    for name in ("2026-03", "2026-03-month", "2026-03-category"):
        browse(None, lang="zh").page(f"/figures/{name}")


@pytest.mark.usefixtures("period")
@pytest.mark.parametrize(
    "path",
    [
        "/figures?period=%00",
        "/figures?platform=%00",
        "/figures?category=%00&channel=%F0%9F%98%80",
        "/figures/%00",
        "/figures/2026-Q3/editions/1/%00.svg",
        "/figures/2026-Q3/editions/1/funnel.svg?group=%00",
        "/figures/2026-Q3/editions/99999999999999999999",
        "/figures/2026-Q3/editions/0",
    ],
)
def test_an_odd_address_is_no_page_and_no_fault_of_ours(
    browse: Browse, path: str
) -> None:
    answer = browse(None, lang="en").get(path)
    assert answer.status_code in {200, 400, 404}, answer.text[:300]
    assert answer.headers["content-type"].startswith("text/html")
