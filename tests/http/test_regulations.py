"""The rules that decisions cite: read by everyone, added by an operator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from litestar.testing import TestClient

from interface.cli.main import redress
from interface.run.worker import Worker
from interface.settings import settings
from interface.settings.settings import SettingError
from tests.conftest import Clock
from tests.domain.test_regulation import OWN
from tests.http.case_story import CaseStory
from tests.http.conftest import People
from tests.samples import RULES


@pytest.fixture
def story(people: People, background: Worker, clock: Clock) -> CaseStory:
    return CaseStory(people, background, clock)


def test_rules_are_listed_for_everyone_with_their_articles(
    http: TestClient[Any],
) -> None:
    listed = http.get("/v1/rules").json()
    assert listed["next"] is None
    assert [f"{one['id']}/{one['version']}" for one in listed["items"]] == [
        "proof/1",
        "sample-platform/1",
        "standard/1",
    ]
    for one in listed["items"]:
        read = http.get(one["href"]).json()
        assert read | one == read
        for article in read["articles"]:
            named = article["rule"]
            assert (named["id"], named["version"]) == (one["id"], one["version"])
            for words in (article["number"], article["title"], article["text"]):
                assert set(words) == {"zh", "en"}
    sample = http.get("/v1/rules/sample-platform/1").json()
    assert sample["title"]["zh"] == "示例平台纠纷处理规则"
    assert sample["articles"][2]["number"] == {"zh": "第三条", "en": "Article 3"}
    proof = http.get("/v1/rules/proof/1").json()["articles"]
    said = {one["rule"]["article"]: one["text"]["zh"] for one in proof}
    assert said == {name: one.zh for name, one in RULES.proof.articles.items()}


def test_the_list_tells_what_a_case_may_cite(http: TestClient[Any]) -> None:
    def ids(query: str) -> list[str]:
        return [one["id"] for one in http.get(f"/v1/rules?{query}").json()["items"]]

    everything = ["proof", "sample-platform", "standard"]
    assert ids("in_force_on=2026-03-02&policy=cn-default/1") == everything
    assert ids("policy=jd-like/1") == everything
    assert ids("in_force_on=2025-12-31") == ["proof"]
    assert http.get("/v1/rules?policy=x/1").status_code == 400
    assert http.get("/v1/rules?in_force_on=soon").status_code == 400


@pytest.mark.parametrize("path", ["sample-platform/2", "nobody/1", "proof/0"])
def test_other_rules_are_not_found(http: TestClient[Any], path: str) -> None:
    assert http.get(f"/v1/rules/{path}").status_code == 404


def test_who_rules_is_told_what_can_be_cited(story: CaseStory) -> None:
    story.to_rule()
    case = story.seen("mediator")
    (ruling,) = (one for one in case["actions"] if one["name"] == "ruling")
    (reasons,) = (one for one in ruling["fields"] if one["name"] == "reasons")
    (rule,) = (one for one in reasons["fields"] if one["name"] == "rule")
    named = {one["name"]: one.get("codes") for one in rule["fields"]}
    assert set(named["id"]) == {"proof", "sample-platform", "standard"}
    assert named["version"] == ["1"]
    listed = story.people.buyer.get(rule["href"]).json()["items"]
    assert {one["id"] for one in listed} == set(named["id"])


def test_a_ruling_that_cites_nothing_that_is_there_is_refused_in_words(
    story: CaseStory,
) -> None:
    story.to_rule()
    reason = {
        "issue": "Was it defective?",
        "finding": "Yes.",
        "rule": {"id": "sample-platform", "version": "1", "article": "99"},
    }
    ruling = {
        "liability": "none",
        "remedies": [{"kind": "dismissal"}],
        "reasons": [reason],
    }
    (wrong,) = story.refused("mediator", "ruling", ruling)["errors"]
    assert wrong["pointer"] == "/reasons/0/rule/article"
    assert wrong["code"] == "no-such-article"
    assert "there are 1, 2, 3" in wrong["detail"]


def checked(folder: Path, text: str, *options: str) -> Result:
    file = folder / "acme-1.toml"
    file.write_text(text, "utf-8")
    arguments = ["rules", "check", str(file), *options]
    return CliRunner().invoke(redress, arguments, catch_exceptions=False)


def test_an_operator_checks_rules_before_adding_them(tmp_path: Path) -> None:
    good = checked(tmp_path, OWN)
    assert good.exit_code == 0
    assert "acme/1, in force from 2026-02-01" in good.output
    assert "《某某平台规则》" in good.output
    assert "7: 第七条 退款, Article 7 (Refunds)" in good.output
    bad = checked(tmp_path, OWN.replace("version = 1", "").replace("en = ", "fr = "))
    assert bad.exit_code == 1
    assert "version: missing" in bad.output
    assert "title.fr: unknown" in bad.output
    assert '"mistakes":["name: ' in (
        checked(tmp_path, OWN.replace("acme", "standard"), "--json").output
    )


def test_a_folder_of_rules_has_to_be_there() -> None:
    with pytest.raises(SettingError, match="REDRESS_RULES: '/no/such' is not a direc"):
        settings.read({"REDRESS_RULES": "/no/such"})
