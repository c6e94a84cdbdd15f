"""The ruling editor: what it shows, keeps, previews and sends, and to whom."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from application.cases.ruling_drafts import MOST_CHARACTERS, RulingDrafts
from application.privacy.data_keys import FRESH_SECONDS
from domain.roles import Actor, Role
from interface.bootstrap import System
from interface.pages.desk.ruling_preview import gap
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http.case_story import CaseStory
from tests.http.conftest import FILING, People, file_for
from tests.pages.conftest import Browse, Browser, check_page

WRITTEN = {
    "reasons.0.issue": "Was the kettle defective?",
    "reasons.0.finding": "The photo shows the crack.",
    "reasons.0.e.1": "relied",
    "reasons.0.cites": "proof/1/visible-defect",
    "reasons.0.burden": "buyer",
    "liability": "seller",
    "remedies.0.kind": "refund",
    "remedies.0.amount": "¥129.00",
    "automation": "none",
}


@pytest.fixture
def story(people: People, background: Worker, clock: Clock) -> CaseStory:
    return CaseStory(people, background, clock).to_rule()


def write(browser: Browser, case: str, act: str, **changes: Any) -> httpx.Response:
    page = browser.get(f"/desk/cases/{case}/ruling").text
    hidden = dict(re.findall(r'name="(version|window|edition)" value="([^"]*)"', page))
    form = {"do": act, "key": str(uuid4())} | hidden
    sent = form | WRITTEN | changes
    return browser.post(
        f"/desk/cases/{case}/ruling",
        **{name: text for name, text in sent.items() if text is not None},
    )


def shown(browser: Browser, case: str, act: str, **changes: Any) -> httpx.Response:
    """Return the editor as it is after a button: the answer itself shows nothing."""
    answer = write(browser, case, act, **changes)
    path = f"/desk/cases/{case}/ruling"
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    return browser.get(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_offers_the_evidence_and_the_rules_of_the_case(
    browse: Browse, story: CaseStory, lang: str
) -> None:
    page = browse("mediator", lang=lang).page(f"/desk/cases/{story.id}/ruling")
    assert 'name="reasons.0.e.1" value="relied"' in page
    assert 'value="proof/1/visible-defect"' in page
    # What was claimed is what is granted, until something else is typed.
    assert 'name="remedies.0.amount" value="129.00"' in page
    assert "Undefined" not in page
    page = re.sub(r'(?s)<p class="printed">.*?</p>', "", page)
    words = re.sub(r'(?s)<article class="doc" lang="(en|zh-CN)".*?</article>', "", page)
    other = "[\u3400-\u9fff]" if lang == "en" else "(?i)ruling|finding|issue|evidence"
    text = re.sub(r"(?s)<[^>]+>", " ", words).replace("中文", "")
    assert not re.findall(other, text), re.findall(other, text)


def test_the_preview_is_the_text_of_the_ruling_that_is_then_issued(
    browse: Browse, people: People, story: CaseStory
) -> None:
    mediator = browse("mediator")
    answer = shown(mediator, story.id, "preview")
    check_page(answer)
    previewed = _previewed(answer.text)
    assert write(mediator, story.id, "send").status_code == 303
    ruling = people.mediator.get(f"/v1/disputes/{story.id}").json()["ruling"]
    for tag, language in (("zh-CN", "zh"), ("en", "en")):
        assert previewed[tag] == ruling["text"][language].split("\n")
    assert ruling["reasons"][0]["relied_on"] == [1]
    assert ruling["remedies"] == [
        {
            "kind": "refund",
            "amount": {"amount": "129.00", "currency": "CNY"},
            "freight": None,
        }
    ]


def test_what_is_not_written_yet_is_marked_in_the_preview(
    browse: Browse, story: CaseStory
) -> None:
    empty = dict.fromkeys(WRITTEN, None) | {"reasons.0.issue": "Why?"}
    answer = shown(browse("mediator"), story.id, "preview", **empty)
    check_page(answer)
    assert answer.text.count(f"<mark>{gap('zh')}</mark>") == 3
    assert answer.text.count(f"<mark>{gap('en')}</mark>") == 3


def test_a_return_says_that_its_freight_is_still_missing(
    browse: Browse, story: CaseStory
) -> None:
    mediator, said = browse("mediator", lang="en"), "Who bears the freight: "
    back = {"remedies.0.kind": "return-and-refund", "remedies.0.freight": ""}
    assert said in shown(mediator, story.id, "preview", **back).text
    back["remedies.0.freight"] = "seller"
    assert said not in shown(mediator, story.id, "preview", **back).text


def test_a_draft_is_kept_for_its_writer_alone_and_sealed(
    browse: Browse, system: System, story: CaseStory
) -> None:
    mediator, secret = browse("mediator"), "The courier admitted it."
    write(mediator, story.id, "save", **{"reasons.0.finding": secret})
    path = f"/desk/cases/{story.id}/ruling"
    assert secret in mediator.page(path)
    assert secret not in browse("supervisor").page(path)
    with system.database.get_connection() as connection:
        rows = connection.execute("SELECT * FROM ruling_drafts").fetchall()
    assert len(rows) == 1
    assert secret not in str(rows)
    assert rows[0]["person"] == "m-1"
    # It is gone as soon as the ruling is there.
    write(mediator, story.id, "send")
    with system.database.get_connection() as connection:
        assert connection.execute("SELECT * FROM ruling_drafts").fetchall() == []


def test_a_draft_that_was_changed_in_the_table_or_moved_does_not_open(
    browse: Browse, system: System, story: CaseStory
) -> None:
    mediator, path = browse("mediator"), f"/desk/cases/{story.id}/ruling"
    secret = {"reasons.0.finding": "The courier admitted it."}
    write(mediator, story.id, "save", **secret)
    with system.database.get_connection() as connection:
        # It is bound to its writer: nobody else opens it.
        connection.execute("UPDATE ruling_drafts SET person = 'v-1'")
    assert secret["reasons.0.finding"] not in browse("supervisor").page(path)
    assert secret["reasons.0.finding"] not in mediator.page(path)


def test_what_happened_since_a_draft_was_saved_is_told(
    browse: Browse, people: People, story: CaseStory
) -> None:
    mediator, path = browse("mediator"), f"/desk/cases/{story.id}/ruling"
    write(mediator, story.id, "save")
    assert "本案有新的进展" not in mediator.page(path)
    people.supervisor.act(story.id, "notes", {"text": "Wait for me."})
    assert "本案有新的进展" in mediator.page(path)


def test_an_erasure_leaves_nothing_of_a_draft_that_opens(
    browse: Browse, system: System, story: CaseStory
) -> None:
    mediator = browse("mediator")
    write(mediator, story.id, "save")
    case = system.disputes.find(UUID(story.id))
    drafts = RulingDrafts(system.database, system.keys)
    actor = Actor(role=Role.MEDIATOR, id="m-1")
    assert drafts.find(case, actor) is not None
    with system.keys.database.get_connection() as connection:
        connection.execute("UPDATE data_keys SET wrapped = NULL")
        connection.execute("UPDATE key_changes SET made = made + 1")
    time.sleep(FRESH_SECONDS + 0.1)
    assert drafts.find(case, actor) is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_refused_ruling_points_at_its_fields_and_keeps_everything(
    browse: Browse, people: People, story: CaseStory, lang: str
) -> None:
    typed = "Because <b>it</b> leaks."
    wrong = {
        "reasons.0.finding": typed,
        "reasons.0.cites": None,
        "remedies.0.amount": "1290.00",
        # A second issue, with nothing in the first place of the rows.
        "reasons.3.issue": "And the freight?",
    }
    answer = write(browse("mediator", lang=lang), story.id, "send", **wrong)
    assert answer.status_code == 400
    check_page(answer)
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    leads = re.findall(r'href="#([^"]+)"', alert)
    # What breaks a rule is told beside what is missing.
    known = {"r-reasons-0-cites", "r-reasons-1-finding", "r-remedies-0-amount"}
    assert known <= set(leads)
    # In the order of the form, whatever the order in which they were found.
    assert leads == sorted(leads, key=lambda one: answer.text.index(f'id="{one}"'))
    for one in leads:
        assert f'id="{one}"' in answer.text
    assert "Because &lt;b&gt;it&lt;/b&gt; leaks.</textarea>" in answer.text
    assert 'value="And the freight?"' in answer.text
    told = people.mediator.get(f"/v1/disputes/{story.id}").json()
    assert told["ruling"] is None
    # What is well formed and against the rules is told at its field as well.
    above = write(
        browse("mediator", lang=lang), story.id, "send", **{"remedies.0.amount": "1290"}
    )
    assert above.status_code == 422
    assert 'href="#r-remedies-0-amount"' in above.text


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        (
            {
                "reasons.0.finding": None,
                "reasons.0.e.9": "relied",
                "remedies.0.kind": "return-and-refund",
                "remedies.1.kind": "refund",
                "remedies.1.amount": "0",
            },
            "reasons-0-finding reasons-0-e remedies-0-freight remedies-1-amount",
        ),
        # Two that cannot be read, and one that could be paid twice.
        (
            {
                "remedies.0.amount": "all",
                "remedies.1.kind": "refund",
                "remedies.1.amount": "1.005",
                "remedies.2.kind": "refund",
                "remedies.2.amount": "129.01",
            },
            "remedies remedies-0-amount remedies-1-amount remedies-2-amount",
        ),
        # Whatever is chosen: the automation names no model.
        (
            {"liability": None, "automation": "assisted"},
            "liability model",
        ),
        # The buyer alone would not be to blame; nothing is told of what is not chosen.
        ({"liability": None}, "liability"),
        ({"remedies.0.kind": None}, "remedies-0-kind"),
        ({"remedies.0.amount": "all"}, "remedies-0-amount"),
    ],
)
def test_all_that_is_wrong_is_told_at_once_and_nothing_that_is_not(
    browse: Browse, story: CaseStory, wrong: dict[str, str | None], fields: str
) -> None:
    answer = write(browse("mediator"), story.id, "send", **wrong)
    assert answer.status_code in {400, 422}
    alert = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    leads = re.findall(r'href="#r-([^"]+)"', alert)
    assert leads == fields.split()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_amount_goes_with_no_exchange(
    browse: Browse, people: People, story: CaseStory, lang: str
) -> None:
    mediator = browse("mediator", lang=lang)
    new = {"remedies.0.kind": "replace", "remedies.0.freight": "seller"}
    answer = write(mediator, story.id, "send", **new)
    assert answer.status_code == 422
    check_page(answer)
    fault = re.search(r'id="r-remedies-0-amount-flaw">(.*?)<input', answer.text)
    assert fault
    assert ("请留空" if lang == "zh" else "leave it empty") in fault[1]
    # It can be seen and taken away, also with script.
    field = answer.text.partition('id="r-remedies-0-amount-flaw"')[0]
    assert "data-off" not in field.rpartition('<div class="field')[2]
    assert 'value="¥129.00"' in answer.text
    written = shown(mediator, story.id, "preview", **new)
    assert 'data-when="remedies.0.kind"' in written.text
    amount = written.text.partition('id="r-remedies-0-amount"')[0]
    assert "data-off" in amount.rpartition('<div class="field')[2]
    bare = {"remedies.0.kind": "replace", "remedies.0.amount": None}
    sent = write(mediator, story.id, "send", **bare)
    assert sent.status_code == 303, sent.text
    told = people.mediator.get(f"/v1/disputes/{story.id}").json()
    assert told["ruling"]["remedies"][0]["kind"] == "replace"


def test_an_exchange_is_offered_no_amount(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    case = file_for(people, "o-9", claim={"kind": "replace"})
    story = CaseStory(people, background, clock, case).to_rule()
    page = browse("mediator").page(f"/desk/cases/{story.id}/ruling")
    assert 'name="remedies.0.amount" value=""' in page


def test_rows_are_added_and_taken_away_without_script(
    browse: Browse, story: CaseStory
) -> None:
    mediator = browse("mediator")
    more = shown(mediator, story.id, "add-reason").text
    assert 'name="reasons.1.issue"' in more
    two = {"reasons.1.issue": "And the freight?"}
    less = shown(mediator, story.id, "drop-reason-0", **two).text
    assert 'name="reasons.0.issue" value="And the freight?"' in less
    assert 'name="reasons.1.issue"' not in less
    assert 'name="remedies.1.kind"' in shown(mediator, story.id, "add-remedy").text


def test_what_no_draft_keeps_comes_back_with_the_answer(
    browse: Browse, story: CaseStory
) -> None:
    long = "w" * (MOST_CHARACTERS + 1)
    answer = write(browse("mediator"), story.id, "save", **{"reasons.0.finding": long})
    assert answer.status_code == 200
    assert f"{long}</textarea>" in answer.text


def test_above_the_limit_a_second_person_has_to_approve(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    dear = {"amount": "6000.00", "currency": "CNY"}
    filed = people.buyer.file(
        order=FILING["order"] | {"id": "o-9", "paid": dear},
        claim={"kind": "refund", "amount": dear},
    )
    story = CaseStory(people, background, clock, filed.json()["id"]).to_rule()
    mediator = browse("mediator")
    amount = {"remedies.0.amount": "6,000.00"}
    page = shown(mediator, story.id, "preview", **amount).text
    assert "需要第二人复核" in page
    assert 'class="btn primary" name="do" value="hand-over"' in page
    # Who tries to issue it alone is refused, and loses nothing.
    alone = write(mediator, story.id, "send", **amount)
    assert alone.status_code == 409
    assert "The photo shows the crack." in alone.text
    assert write(mediator, story.id, "hand-over", **amount).status_code == 303
    page = browse("supervisor").page(f"/desk/cases/{story.id}")
    assert "待复核的裁决" in page
    assert "The photo shows the crack." in page
    own = mediator.page(f"/desk/cases/{story.id}")
    assert "/act/ruling-draft/approval" not in own
    version = people.mediator.get(f"/v1/disputes/{story.id}").json()["version"]
    done = browse("supervisor").post(
        f"/desk/cases/{story.id}/act/ruling-draft/approval",
        key=str(uuid4()),
        version=str(version),
    )
    assert done.status_code == 303
    told = people.mediator.get(f"/v1/disputes/{story.id}").json()
    assert (told["decided_by"], told["approved_by"]) == ("m-1", "v-1")


def test_a_case_that_moved_on_says_so_and_keeps_what_was_written(
    browse: Browse, people: People, story: CaseStory
) -> None:
    mediator = browse("mediator")
    version = people.mediator.get(f"/v1/disputes/{story.id}").json()["version"]
    people.supervisor.act(story.id, "notes", {"text": "Wait for me."})
    answer = write(mediator, story.id, "send", version=str(version))
    assert answer.status_code == 412
    check_page(answer)
    assert "本案有新的进展" in answer.text
    assert "The photo shows the crack." in unescape(answer.text)
    again = re.search(r'name="version" value="(\d+)"', answer.text)
    assert again
    assert int(again[1]) == version + 1


def test_a_supervisor_decides_an_appeal_in_it(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).ruled()
    story.act("seller", "appeal", {"ground": "error", "statement": "Another kettle."})
    # Who ruled does not decide it, and mediators do not at all.
    path = f"/desk/cases/{story.id}/ruling"
    assert browse("mediator").get(path).status_code == 303
    second = browse("supervisor", "v-2")
    page = second.page(path, lang="en")
    assert 'name="result" value="varied"' in page
    # Beside what was ruled and why it is appealed; nothing is decided in advance.
    assert "Another kettle." in page
    assert "The photo shows the crack." in page
    preview = page[page.index('id="live-preview"') :]
    assert "The result of the appeal: " in preview
    assert "the decision stands" not in preview
    half = {"result": "varied", "remedies.0.amount": "60.00", "automation": None}
    assert write(second, story.id, "send", **half).status_code == 303
    page = second.page(f"/desk/cases/{story.id}", lang="en")
    assert "First ruling" in page
    assert "Appeal of the seller" in page
    assert "<del>Refund ¥129.00</del> <ins>Refund ¥60.00</ins>" in page


def test_a_case_leads_to_the_editor_before_its_evidence_is_assessed(
    browse: Browse, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock).escalated()
    link = f'href="/desk/cases/{story.id}/ruling"'
    assert link in browse("mediator").page(f"/desk/cases/{story.id}")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CLOCK}))
def test_nobody_else_comes_to_it(browse: Browse, people: People, role: str) -> None:
    case = file_for(people)
    path = f"/desk/cases/{case}/ruling"
    reader = browse(role, "x-9")
    if role in {"mediator", "supervisor"}:
        # There is nothing to decide yet: the case says what there is to do.
        assert reader.get(path).headers["location"] == f"/desk/cases/{case}"
        assert browse(role, "x-9", platform="mall").get(path).status_code == 404
    else:
        assert reader.get(path).status_code == 403
        assert reader.post(path, do="save").status_code == 403


def test_a_colleagues_case_is_not_decided(
    browse: Browse, people: People, story: CaseStory
) -> None:
    people.mediator.act(story.id, "assignment", {})
    answer = browse("mediator", "m-2").get(f"/desk/cases/{story.id}/ruling")
    assert answer.status_code == 303


def _previewed(page: str) -> dict[str, list[str]]:
    found = {}
    for tag, inner in re.findall(
        r'(?s)<article class="doc" lang="([^"]+)"[^>]*>(.*?)</article>', page
    ):
        lines = re.findall(r"(?s)<p>(.*?)</p>", inner)
        found[tag] = [unescape(re.sub("<[^>]+>", "", one)) for one in lines]
    return found


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("请选择", "没有运费")), ("en", ("Choose", "No freight"))],
)
def test_who_bears_a_freight_has_to_be_chosen(
    browse: Browse, story: CaseStory, lang: str, words: tuple[str, str]
) -> None:
    mediator = browse("mediator", lang=lang)
    back = {"remedies.0.kind": "return-and-refund", "remedies.0.freight": ""}
    begun = shown(mediator, story.id, "preview", **back).text
    sent = write(mediator, story.id, "send", **back).text
    for page in (begun, sent):
        choice = page.partition('<select id="r-remedies-0-freight"')[2]
        offered = choice.partition("</select>")[0]
        assert [one in offered for one in words] == [True, False]
    flaw = sent.partition('id="r-remedies-0-freight-flaw"')[2].partition("<select")[0]
    assert ("请填写或选择" if lang == "zh" else "Enter or choose") in flaw
