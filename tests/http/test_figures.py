"""The transparency figures over HTTP, and what each is counted out of."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from litestar.testing import TestClient

from interface.run.worker import Worker
from projections.reports.report_workbook import XLSX
from tests.conftest import Clock
from tests.http.conftest import People, file_for


def test_figures_say_what_they_were_counted_out_of(
    people: People, background: Worker, clock: Clock
) -> None:
    refused = file_for(people, "o-1")
    people.mediator.act(
        refused,
        "refusal",
        {"ground": "no-basis", "explanation": "Nothing said.", "routes": ["court"]},
    )
    settled = file_for(people, "o-2", category="delivery", reason="not-received")
    people.mediator.act(settled, "admission", {})
    background.catch_up()
    clock.forward(hours=12)
    people.seller.act(settled, "seller-response", {"position": "accept"})
    people.seller.act(settled, "fulfilments", {"obligation": 1})
    clock.forward(hours=12)
    people.buyer.act(settled, "fulfilments/1/confirmation")
    background.catch_up()

    def figures(**query: Any) -> dict[str, dict[str, Any]]:
        answer = people.regulator.get(
            "/v1/transparency/reports/2026-03", **query
        ).json()
        return {one["id"]: one for one in answer["report"]["groups"][0]["figures"]}

    all_of_them = figures()
    assert all_of_them["opened"]["value"] == 2
    assert all_of_them["refused"]["parts"] == {"no-basis": 1}
    assert all_of_them["admitted"] | {"value": 0.5} == all_of_them["admitted"]
    assert all_of_them["admitted"]["denominator"] == 2
    assert all_of_them["answered"]["parts"] == {"accept": 1}
    assert all_of_them["closed"]["parts"] == {"refused": 1, "settled": 1}
    assert all_of_them["settlement-rate"]["value"] == 1.0
    assert all_of_them["settlement-rate-of-all"]["value"] == 0.5
    assert all_of_them["days-to-response"]["value"] == 0.5
    assert all_of_them["days-open"]["p90"] == 0.9
    assert all_of_them["awarded"]["amounts"] == [
        {"amount": "129.00", "currency": "CNY"}
    ]
    assert figures(category="delivery")["opened"]["value"] == 1
    by_category = people.analyst.get(
        "/v1/transparency/reports/all", by="category"
    ).json()["report"]["groups"]
    assert [group["key"] for group in by_category] == ["delivery", "quality"]
    assert people.buyer.get("/v1/transparency/reports/all").status_code == 403


def test_figures_come_as_csv_too(people: People, background: Worker) -> None:
    file_for(people)
    background.catch_up()
    response = people.buyer.http.get(
        "/v1/transparency/reports/2026-Q1",
        headers=people.analyst.headers | {"Accept": "text/csv"},
    )
    lines = response.text.splitlines()
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert lines[0].startswith("\ufeffperiod,zone,group,figure,part,unit,value")
    assert lines[0].endswith(",record_from")
    assert "2026-Q1,,all,opened,,cases,1,1,,,,2026-03-02" in lines


@pytest.mark.parametrize("form", ["dsa", "adr", "p2b", "cn12315"])
def test_figures_come_in_the_forms_of_authorities(
    people: People, background: Worker, form: str
) -> None:
    file_for(people)
    background.catch_up()
    path = "/v1/transparency/reports/2026"
    response = people.analyst.get(path, format=form)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    named = f'attachment; filename="redress-2026-{form}.csv"'
    assert response.headers["content-disposition"] == named
    (first, *rows) = csv.reader(io.StringIO(response.text.removeprefix("\ufeff")))
    assert len(rows) > 5
    assert all(len(row) == len(first) for row in rows)
    assert "shop" in rows[0]
    refused = people.analyst.get("/v1/transparency/reports/all", format=form)
    assert refused.json()["errors"][0]["pointer"] == "/period"
    cut = people.analyst.get(path, format=form, by="month")
    assert cut.json()["errors"][0]["pointer"] == "/by"
    assert people.buyer.get(path, format=form).status_code == 403


@pytest.mark.parametrize("asked", ["parameter", "header"])
def test_figures_come_as_a_workbook(
    people: People, background: Worker, asked: str
) -> None:
    file_for(people)
    background.catch_up()
    header = {"Accept": XLSX} if asked == "header" else {}
    response = people.buyer.http.get(
        "/v1/transparency/reports/2026-03",
        params={} if header else {"format": "xlsx"},
        headers=people.regulator.headers | header,
    )
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == XLSX
    assert response.content.startswith(b"PK")


def test_every_figure_is_defined(http: TestClient[Any]) -> None:
    definitions = http.get("/v1/transparency/metrics").json()["items"]
    assert len({one["id"] for one in definitions}) == len(definitions) > 20
    assert all(one["zh"] and one["en"] and one["dated"] for one in definitions)


def test_public_figures_take_no_token_and_show_no_single_case(
    http: TestClient[Any], people: People, background: Worker
) -> None:
    for number in range(7):
        file_for(people, f"o-{number}")
    file_for(people, "o-7", category="delivery", reason="not-received")
    background.catch_up()
    answer = http.get("/v1/transparency/public/2026-03?by=category")
    assert answer.status_code == 200
    assert "max-age" in answer.headers["cache-control"]
    opened = {
        group["key"]: group["figures"][0]["numerator"]
        for group in answer.json()["groups"]
    }
    assert opened == {"delivery": None, "quality": None}
    whole = http.get("/v1/transparency/public/2026-03").json()["groups"][0]
    assert whole["figures"][0]["numerator"] == 10
    for by in ("seller", "mediator", "category,seller", "amount"):
        refused = http.get(f"/v1/transparency/public/2026-03?by={by}")
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["pointer"] == "/by"


def test_a_regulator_sees_the_cases_behind_a_figure_and_that_is_recorded(
    people: People, background: Worker
) -> None:
    cases = sorted(file_for(people, f"o-{number}") for number in range(3))
    background.catch_up()
    path = "/v1/transparency/reports/2026-03/cases"
    first = people.regulator.get(
        path, metric="opened", by="seller", group="s-1", limit=2
    ).json()
    rest = people.regulator.get(
        path, metric="opened", by="seller", group="s-1", limit=2, cursor=first["next"]
    ).json()
    found = [*first["items"], *rest["items"]]
    assert [one["id"] for one in found] == cases
    assert rest["next"] is None
    assert found[0]["href"] == f"/v1/audit/disputes/{cases[0]}"
    assert people.regulator.http.get(
        found[0]["href"], headers=people.regulator.headers
    ).is_success
    reads = people.supervisor.get("/v1/audit/access-log").json()["items"]
    events = [one["event"] for one in reads]
    paths = [one["path"] for one in events if one.get("what") == "cases"]
    assert any(one.startswith(f"{path}?metric=opened") for one in paths)
    assert people.analyst.get(path, metric="opened").status_code == 403
    assert people.seller.get(path, metric="opened").status_code == 403


def test_a_report_is_compared_with_the_period_before(
    people: People, background: Worker, clock: Clock
) -> None:
    file_for(people, "o-1")
    clock.forward(days=31)
    file_for(people, "o-2")
    file_for(people, "o-3")
    background.catch_up()
    report = people.analyst.get(
        "/v1/transparency/reports/2026-04", compare=True, by="seller,category"
    ).json()["report"]
    assert report["before"] == "2026-03"
    (group,) = report["groups"]
    assert group["keys"] == ["s-1", "quality"]
    opened = group["figures"][0]
    assert (opened["value"], opened["before"], opened["difference"]) == (2, 1, 1)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("period", "query", "field"),
    [
        ("2026", {"zone": "Asia/Nowhere"}, "zone"),
        ("2026-13", {}, "period"),
        ("2026", {"by": "colour"}, "by"),
        ("all", {"compare": "true"}, "compare"),
    ],
)
def test_what_cannot_be_asked_is_pointed_at(
    people: People, period: str, query: dict[str, str], field: str, language: str
) -> None:
    answer = people.analyst.http.get(
        f"/v1/transparency/reports/{period}",
        params=query,
        headers=people.analyst.headers | {"Accept-Language": language},
    )
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (f"/{field}", f"no-{field}")
    if field != "compare":
        assert query.get(field, period) in fault["detail"]
