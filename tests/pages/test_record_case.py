"""A case of the record: its story, a moment of it, two moments, who was late."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest

from domain.case.dispute import Phase
from domain.roles import Actor, Role
from interface.pages.record.case_moment import day_marks
from interface.pages.record.fact_story import StoryFact
from interface.pages.record.record_case import unrecorded
from interface.run.worker import Worker
from tests.conftest import Clock
from tests.http import lasting
from tests.http.case_story import REASON, RULING, CaseStory
from tests.http.conftest import People, file_for
from tests.pages.conftest import Browse, check_page
from tests.pages.page_words import check_language
from tests.pages.record_reader import RecordReaders, readers

__all__ = ["readers"]

FACT = re.compile(
    r'<li class="fact([^"]*)" id="fact-(\d+)">(.*?)</div></li>', re.DOTALL
)


NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


url = lasting.url
clock = lasting.clock
home = lasting.home
system = lasting.system
http = lasting.http
people = lasting.people
background = lasting.background


@pytest.fixture(scope="module")
def case(people: People, background: Worker, clock: Clock) -> str:
    """A case that is ruled on, whose seller was late, all of it signed."""
    story = CaseStory(people, background, clock)
    story.admitted()
    story.passes(3)
    story.act("seller", "seller-response", {"position": "contest", "statement": "No."})
    story.act("buyer", "escalation", {"trigger": "no-agreement"})
    story.passes(4)
    background.catch_up()
    return story.id


def known(page: str) -> dict[str, str]:
    box = re.search(r'<section class="card pad then".*?</section>', page, re.DOTALL)
    assert box
    row = re.compile(r'<dt>(.*?)</dt><dd class="theirs">(.*?)</dd>', re.DOTALL)
    return dict(row.findall(box[0]))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_story_tells_every_fact_of_the_history_with_its_proof(
    readers: RecordReaders, people: People, case: str, lang: str
) -> None:
    path = f"/record/cases/{case}"
    page = readers.who_has_said(path, lang=lang).page(path)
    history = people.auditor.get(f"/v1/audit/disputes/{case}").json()["facts"]
    proofs = people.auditor.get(f"/v1/audit/disputes/{case}/proof").json()["events"]
    facts = {int(n): text for _, n, text in FACT.findall(page)}
    assert [*facts] == [one["version"] for one in history]
    for told, proof in zip(history, proofs, strict=True):
        text = facts[told["version"]]
        assert f'title="{told["type"]}"' in text
        entry = f"{proof['index']:,}"
        assert (f"日志第 {entry} 条" if lang == "zh" else f"entry {entry}") in text
        assert f'{path}/proof/{told["version"]}"' in text
        assert told["at"][:19] in text
        if told["recorded_at"] != told["at"]:
            assert told["recorded_at"][:19] in text
    # A limit that began is a rule; a fact that was recorded late says so.
    assert "/rules?policy=cn-default%2F1" in page
    missed = next(one for one in history if one["type"] == "deadline-missed")
    assert 'class="gap"' in facts[missed["version"]]
    assert "Undefined" not in page


def test_a_moment_shows_what_was_known_then_and_what_was_not(
    readers: RecordReaders, people: People, case: str
) -> None:
    path = f"/record/cases/{case}"
    reader = readers.who_has_said(path)
    whole = people.auditor.get(f"/v1/audit/disputes/{case}").json()["facts"]
    last = len(whole)
    for n in (1, 3, last):
        page = reader.page(path, at=str(n))
        told = people.auditor.http.get(
            f"/v1/audit/disputes/{case}/case",
            params={"as_of": n},
            headers=people.auditor.headers | {"Accept-Language": "zh"},
        ).json()
        assert known(page)["阶段"] == told["words"]["phase"]
        shown = {int(version): kind for kind, version, _ in FACT.findall(page)}
        after = {version for version, kind in shown.items() if "after" in kind}
        assert after == set(range(n + 1, last + 1))
        assert f'value="{n}" aria-valuetext' in page
    # Without script: links, a list to pick from, and a time that is typed.
    page = reader.page(path, at="3")
    assert f'href="{path}?at=2#moment" rel="prev"' in page
    assert f'href="{path}?at=4#moment" rel="next"' in page
    assert f'<option value="{last}">' in page
    typed = re.search(r'id="time" name="at"[^>]* value="([^"]+)"', page)
    assert typed
    assert reader.page(path, at=typed[1]).count('aria-current="true"') == 1
    then = whole[3]["recorded_at"]
    known_then = max(one["version"] for one in whole if one["recorded_at"] <= then)
    assert f'value="{known_then}" aria-valuetext' in reader.page(path, at=then)
    assert f'value="{last}" aria-valuetext' in reader.get(path, at="9999").text
    # A kind of fact, and an entry of the log.
    proofs = people.auditor.get(f"/v1/audit/disputes/{case}/proof").json()["events"]
    assert 'value="2" aria-valuetext' in reader.page(path, entry=proofs[1]["index"])
    assert 'value="2" aria-valuetext' in reader.page(path, at="admitted")


def test_what_had_happened_and_was_not_recorded_is_named() -> None:
    def fact(version: int, at: int, recorded: int) -> StoryFact:
        return StoryFact(
            version=version,
            kind="fulfilled",
            what="Performed",
            mark="seller",
            tone="",
            actor=Actor(role=Role.SELLER, id="s-1"),
            at=NOON + timedelta(hours=at),
            recorded_at=NOON + timedelta(hours=recorded),
            details=(),
            rules=(),
            files=(),
            proof=None,
            phase=Phase.PERFORMING,
        )

    facts = (fact(1, 0, 0), fact(2, 2, 2), fact(3, 1, 5), fact(4, 4, 5), fact(5, 6, 6))
    named = [[one.version for one in unrecorded(facts, now)] for now in facts]
    # The third had happened when the second was recorded, and was told afterwards.
    assert named == [[], [3], [], [], []]
    assert facts[2].gap == timedelta(hours=4)
    assert facts[1].gap is None


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"at": "soon!"}, 400, ("请填写第几条", "number of a fact")),
        ({"at": "withdrawn"}, 400, ("没有发生过", "no fact of this kind")),
        ({"at": "1999-01-01"}, 400, ("没有任何记录", "Nothing was known")),
        ({"at": "99"}, 400, ("本案有第 1 条至第 {last} 条", "has facts 1 to {last}")),
        ({"entry": "123456"}, 400, ("不属于本案", "does not belong to the case")),
        (
            {"from": "3", "to": "1"},
            200,
            ("较早时刻应在较晚时刻之前", "before the second"),
        ),
        ({"from": "x!", "to": "2"}, 200, ("请填写第几条", "number of a fact")),
        *(
            (asked, 200, ("本案有第 1 条至第 {last} 条", "has facts 1 to {last}"))
            for asked in ({"from": "99"}, {"from": "99", "to": "5"}, {"to": "99"})
        ),
    ],
)
def test_a_moment_that_is_none_is_told(
    readers: RecordReaders,
    people: People,
    case: str,
    lang: str,
    asked: dict[str, str],
    status: int,
    words: tuple[str, str],
) -> None:
    facts = people.auditor.get(f"/v1/audit/disputes/{case}").json()["facts"]
    path = f"/record/cases/{case}"
    answer = readers.who_has_said(path, lang=lang).get(path, **asked)
    assert answer.status_code == status
    check_page(answer)
    told = words[lang == "en"].format(last=len(facts))
    assert told in unescape(answer.text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_moments_stand_beside_each_other(
    readers: RecordReaders, people: People, case: str, lang: str
) -> None:
    path = f"/record/cases/{case}"
    reader = readers.who_has_said(path, lang=lang)
    page = reader.page(path, **{"from": "2", "to": "6"})
    told = people.auditor.get(
        f"/v1/audit/disputes/{case}/difference", **{"from": "2", "to": "6"}
    ).json()
    changed = re.findall(r'<code class="small muted">([a-z_]+)</code></th>', page)
    assert changed == [one["field"] for one in told["changes"]]
    head = r'<tr role="row"><th scope="row" role="rowheader">([^<]+)</th>'
    rows = dict(re.findall(rf'{head}.*?<span class="tag[^>]*>(.*?)<', page))
    phase, policy = ("阶段", "适用规则") if lang == "zh" else ("Phase", "Policy")
    assert rows[phase] == ("有变化" if lang == "zh" else "Changed")
    assert rows[policy] == ("未变" if lang == "zh" else "Same")
    same = reader.page(path, **{"from": "3", "to": "3"})
    assert "<code>phase</code>" not in same


def test_who_was_late_is_told_gross_and_net(
    readers: RecordReaders, people: People, case: str
) -> None:
    path = f"/record/cases/{case}"
    page = readers.who_has_said(path, lang="en").page(path)
    ledger = people.auditor.get(f"/v1/disputes/{case}/deadlines").json()["deadlines"]
    late = [one for one in ledger if one["state"] == "missed"]
    assert late
    section = re.search(
        r'<section class="block" id="late".*?</section>', page, re.DOTALL
    )
    assert section
    done = [one for one in late if one["done_at"]]
    tag = '<span class="tag tag--late">{}</span>'
    assert section[0].count(tag.format("Late")) == len(done)
    # What can be done no more is not late for ever.
    missed = section[0].count(tag.format("Missed, not done"))
    assert missed == len(late) - len(done)
    assert "not done yet" not in section[0]
    # At the first fact nothing was late.
    first = readers.who_has_said(path, lang="en").get(path, at="1").text
    assert "Nobody was late." in first
    # What was left then, and not that the time is over by now.
    label = re.search(r">running · ([^<]*)</text>", first)
    assert label
    assert label[1].endswith(" left")
    assert section[0].count('class="l-due"') == len(ledger)
    assert "seller" in section[0]


def test_every_word_of_a_case_is_of_the_language(
    readers: RecordReaders, case: str
) -> None:
    path = f"/record/cases/{case}"
    for lang in ("zh", "en"):
        reader = readers.who_has_said(path, lang=lang)
        page = reader.get(path, at="3", **{"from": "1", "to": "9"}).text
        page = re.sub(
            r'<(\w+) class="theirs[^"]*"[^>]*>.*?</\1>', "", page, flags=re.DOTALL
        )
        page = re.sub(r'<span class="who">.*?</span>', "", page)
        check_language(page, lang)


def test_a_proof_and_the_evidence_are_those_of_the_api(
    readers: RecordReaders, people: People, background: Worker, clock: Clock
) -> None:
    shown = file_for(people, "o-shown")
    story = CaseStory(people, background, clock, shown).escalated()
    background.catch_up()
    path, api = f"/record/cases/{story.id}", f"/v1/audit/disputes/{story.id}"
    reader = readers.who_has_said(path)
    assert f'href="{path}/evidence/1"' in reader.page(path)
    file = people.auditor.get(f"/v1/disputes/{story.id}/evidence/1")
    assert reader.get(f"{path}/evidence/1").content == file.content
    assert (
        reader.get(f"{path}/proof/1").text == people.auditor.get(f"{api}/proof/1").text
    )
    assert reader.get(f"{path}/proof/99").status_code == 404
    assert reader.get(f"{path}/evidence/9").status_code == 404
    bundle = reader.get(f"{path}/bundle")
    assert bundle.headers["content-type"] == "application/zip"
    assert bundle.content == people.auditor.get(f"{api}/bundle").content
    opened = reader.get(f"{path}/bundle", opened="1", files="1").content
    told = people.auditor.get(f"{api}/bundle", opened="true", with_files="true")
    assert opened == told.content


def hold(reader: Any, path: str, **form: str) -> Any:
    return reader.post(path, **{"key": str(uuid4()), "version": "1"} | form)


@pytest.mark.parametrize("role", ["regulator", "supervisor"])
def test_a_hold_is_placed_and_lifted_by_those_who_may(
    readers: RecordReaders, people: People, background: Worker, role: str
) -> None:
    case = file_for(people, f"o-{role}")
    background.catch_up()
    path = f"/record/cases/{case}"
    reader = readers.who_has_said(path, role=role)
    version = people.auditor.get(f"/v1/disputes/{case}").json()["version"]
    empty = hold(reader, f"{path}/legal-holds", basis="  ", version=str(version))
    assert empty.status_code == 400
    check_page(empty)
    assert 'id="basis-place-flaw"' in empty.text
    form = {"basis": "Order 2026-77", "version": str(version), "key": str(uuid4())}
    done = hold(reader, f"{path}/legal-holds", **form)
    assert (done.status_code, done.headers["location"]) == (303, f"{path}#holds")
    # Sent twice, it is done once; an old page is told so, and what was typed stays.
    assert hold(reader, f"{path}/legal-holds", **form).status_code == 303
    stale = hold(reader, f"{path}/legal-holds", basis="Order 2", version=str(version))
    assert stale.status_code == 412
    assert 'value="Order 2"' in stale.text
    page = reader.page(path)
    assert page.count('id="hold-') == 1
    assert "Order 2026-77" in page
    lifted = hold(
        reader,
        f"{path}/legal-holds/1/lifting",
        basis="Settled",
        version=str(version + 1),
    )
    assert lifted.status_code == 303
    assert 'id="hold-' not in reader.page(path)


def test_an_auditor_is_offered_no_hold(readers: RecordReaders, case: str) -> None:
    path = f"/record/cases/{case}"
    reader = readers.who_has_said(path)
    assert "/legal-holds" not in reader.page(path)
    assert hold(reader, f"{path}/legal-holds", basis="x").status_code == 403


def test_asked_as_every_role_it_shows_no_more_than_the_api(
    browse: Browse, readers: RecordReaders, people: People, case: str
) -> None:
    pages = [f"/record/cases/{case}{below}" for below in ("", "/bundle", "/proof/1")]
    for role in ("buyer", "seller", "mediator", "platform", "analyst"):
        for path in pages:
            assert browse(role).get(path).status_code == 403, (role, path)
    for role in ("auditor", "regulator", "supervisor"):
        for platform, status in (("shop", 200), ("other", 404)):
            reader = readers.who_has_said(pages[0], role=role, platform=platform)
            person = people.named(role, "x-1", platform)
            for path in pages:
                api = path.replace("/record/cases", "/v1/audit/disputes")
                assert reader.get(path).status_code == status, (role, path)
                assert person.get(api).status_code == status, (role, api)
    unknown = f"/record/cases/{uuid4()}"
    assert readers.who_has_said(unknown).get(unknown).status_code == 404


def test_of_a_case_of_html_and_marks_all_is_shown_and_nothing_done(
    readers: RecordReaders, people: People, background: Worker
) -> None:
    odd = '<script>alert(1)</script> \u202egnp.exe & "quotes"'
    case = file_for(people, "o-odd", facts=odd)
    background.catch_up()
    path = f"/record/cases/{case}"
    answer = readers.who_has_said(path).get(path)
    check_page(answer)
    assert "<script>alert" not in answer.text
    # What would turn the text after it is shown as a sign.
    assert odd.replace("\u202e", "⟨RLO⟩") in unescape(answer.text)


def test_a_long_case_has_its_days_above_the_slider(
    readers: RecordReaders, people: People, case: str
) -> None:
    for _ in range(50):
        people.buyer.act(case, "messages", {"text": "Is there any news?"})
    path = f"/record/cases/{case}"
    page = readers.who_has_said(path).page(path)
    assert 'class="ticks"' not in page
    marks = re.findall(
        r'<a href="[^"]*\?at=(\d+)#moment" aria-label="([^"]+)" data-at="\1"'
        r'( aria-current="true")?><line x1="([\d.]+)%"',
        page,
    )
    last = int(re.search(r'type="range"[^>]* max="(\d+)"', page)[1])  # type: ignore[index]
    assert last > 40
    along = [float(one[3]) for one in marks]
    assert along[0] == 0
    assert all(b - a >= 6 for a, b in itertools.pairwise(along))
    for version, label, _, at in marks:
        assert re.search(r"\d+ 月 \d+ 日", label)
        assert float(at) == pytest.approx(
            100 * (int(version) - 1) / (last - 1), abs=0.01
        )
    assert [bool(one[2]) for one in marks] == [False] * (len(marks) - 1) + [True]
    # At an earlier moment, the day before it is the current one.
    early = readers.who_has_said(path).page(path, at=marks[1][0])
    assert re.search(rf'data-at="{marks[1][0]}" aria-current', early)


def test_days_without_room_are_left_out() -> None:
    facts = [
        StoryFact(
            version=n,
            kind="filed",
            what="Filed",
            actor=Actor(role=Role.BUYER, id="b-1"),
            mark="buyer",
            tone="",
            at=NOON,
            recorded_at=NOON + timedelta(days=n),
            rules=(),
            details=(),
            files=(),
            proof=None,
            phase=Phase.FILED,
        )
        for n in range(1, 401)
    ]
    marks = day_marks(facts, 400, "Asia/Shanghai", NOON)
    assert 8 < len(marks) <= 12
    # They reach into the next year.
    assert {one.day[:4] for one in marks} == {str(NOON.year), str(NOON.year + 1)}
    marks = day_marks(facts[:80], 80, "Asia/Shanghai", NOON)
    assert 10 < len(marks) <= 17
    assert max(len(one.day) for one in marks) == 5
    assert marks[0].fact.version == 1


def test_what_an_appeal_has_put_in_the_rulings_place_is_told(
    readers: RecordReaders, people: People, background: Worker, clock: Clock
) -> None:
    story = CaseStory(people, background, clock, file_for(people, "o-77")).ruled()
    before = story.seen()["version"]
    story.act("seller", "appeal", {"ground": "error", "statement": "Another kettle."})
    decision = {
        "result": "varied",
        "liability": "both",
        "remedies": RULING["remedies"],
        "reasons": [REASON],
    }
    after = story.act("supervisor", "appeal/decision", decision, "v-2")["version"]
    path = f"/record/cases/{story.id}"
    reader = readers.who_has_said(path)
    page = reader.page(path, **{"from": str(before), "to": str(after)})
    told = known(reader.page(path, at=str(after)))["申诉"]
    assert "变更原决定 · 双方责任" in told
    assert page.count("双方责任") > 1
