"""The sample cases: in every phase, with every outcome, some overdue, no two alike."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import pytest

from application.bundle.decision_texts import decision_texts
from application.texts import written_in
from domain.appeal.events import AppealDecided, AppealFiled, AppealResult
from domain.case.dispute import Phase
from domain.case.outcome import Outcome
from domain.deadlines.deadline import Awaited
from domain.evidence.events import EvidenceSubmitted
from domain.roles import Party
from interface.bootstrap import System
from interface.demo.cast import cast
from interface.demo.filing_times import FilingTimes
from interface.demo.findings import DISMISSED, FACTS, NOT_PERFORMED, ON_APPEAL
from interface.demo.player import (
    SEED,
    Between,
    Clock,
    Player,
    case_id,
    with_clock,
)
from interface.demo.published_figures import (
    first_published,
    publish_figures,
    publish_first,
)
from interface.demo.scene import scenes
from interface.health import health
from interface.pages.charts.public_words import Wording
from interface.pages.charts.report_charts import CHARTS, charts
from projections.queue.case_conditions import Filters
from projections.queue.case_search import listed
from projections.reports.edition_manifests import (
    all_manifests,
    edition_read,
    last_of_each,
)
from tests.samples import BOOKS, NOW

TODAY = NOW + timedelta(days=180)
"""A quarter behind it has passed since the sample rules came into force."""


def test_the_same_seed_casts_the_same() -> None:
    first, again = cast(3, 7, BOOKS.codes), cast(3, 7, BOOKS.codes)
    assert first.command == again.command
    assert cast(3, 8, BOOKS.codes).command != first.command


def test_the_order_names_the_goods_of_the_complaint() -> None:
    for number in range(60):
        case = cast(number, 7, BOOKS.codes)
        order = case.command.order
        shown = order.snapshot
        assert shown is not None
        assert shown.title == case.words(case.scene.product)
        assert shown.unit_price is not None
        assert shown.unit_price.amount * (shown.quantity or 0) == order.paid.amount
        claimed = case.command.claim.amount
        assert claimed is None or 0 < claimed.amount <= order.paid.amount


def test_every_reason_has_a_scene_that_fits() -> None:
    (other,) = BOOKS.codes.categories["other"].reasons
    reasons = {one.reason for one in scenes()}
    assert reasons == set(BOOKS.codes.reasons) - {other}
    articles = BOOKS.regulations.known["sample-platform/1"].articles
    proof = BOOKS["cn-default/1"].proof
    for scene in scenes():
        assert {scene.article, DISMISSED, FACTS, NOT_PERFORMED, ON_APPEAL} < {*articles}
        assert set(scene.claims) <= set(BOOKS.codes.claims)
        for party, shown in ((Party.BUYER, scene.buyer), (Party.SELLER, scene.seller)):
            assert shown.kind in proof.requirements(scene.reason, party).kinds


def test_each_side_speaks_the_language_of_the_case() -> None:
    for scene in scenes():
        for said in (
            *(scene.product, scene.facts, scene.contest, scene.issue),
            *(scene.won, scene.lost, scene.buyer, scene.seller),
        ):
            assert written_in(said.zh) == "zh"
            assert written_in(said.en) == "en"


def test_rulings_cite_what_is_there_and_say_nothing_untrue(system: System) -> None:
    """Decisions rest on evidence, on silence, or on who had to prove and did not."""
    clock = Clock(FilingTimes(TODAY, system.zone).begin)
    player = Player(with_clock(system, clock), clock)
    player.play(30, TODAY, lambda _: None)
    assert [(one.number, str(why)) for one, why in player.refused] == []
    cases = [
        system.disputes.find(case_id(cast(n, SEED, BOOKS.codes))) for n in range(30)
    ]
    decisions = 0
    for case in cases:
        handed_in = {
            one.version
            for one in case.events
            if isinstance(one.event, EvidenceSubmitted)
        }
        opened = system.record.opened(case.events)
        for text in decision_texts(opened, system.rulebooks):
            decisions += 1
            before = [one for one in handed_in if one < text.version]
            said = "Neither side handed in evidence." in text.en
            assert said is not bool(before)
            assert ("双方均未提交凭证。" in text.zh) is not bool(before)
            assert "依据《示例平台纠纷处理规则》第" in text.zh
            assert ("采信证据" in text.zh) or not before or "维持原决定" in text.zh
    assert decisions > 10


@pytest.mark.long
@pytest.mark.parametrize("cases", [200])
def test_sample_cases_stand_in_every_phase(system: System, cases: int) -> None:
    clock = Clock(FilingTimes(TODAY, system.zone).begin)
    told: list[int] = []
    played = with_clock(system, clock)
    player = Player(played, clock)
    early = first_published(TODAY, system.zone)
    first = Between(early, partial(publish_first, played, TODAY))
    player.play(cases, TODAY, told.append, first)
    assert [(one.number, str(why)) for one, why in player.refused] == []
    rows = listed(system.database, Filters(now=TODAY), sort="due", limit=1_000)
    assert len(rows) == cases
    assert told[-1] > cases / 2
    phases = Counter(row.phase for row in rows)
    assert set(phases) == set(Phase) - {Phase.NONE}
    outcomes = {row.outcome for row in rows if row.outcome}
    assert outcomes == set(Outcome) - {Outcome.DECIDED_ELSEWHERE, Outcome.ANSWERED}
    overdue = [row for row in rows if row.due and row.due < TODAY]
    assert 3 < len(overdue) < 60
    assert {row.category for row in rows} == set(BOOKS.codes.categories) - {"other"}
    assert health(system).wrong == ()
    check_performance(system, cases)
    assert charts_of_published(system) == set(CHARTS)
    check_correction(system, early)


def check_performance(system: System, cases: int) -> None:
    """What is owed is performed or enforced; both sides appeal, with every result."""
    found = [
        system.disputes.find(case_id(cast(n, SEED, BOOKS.codes))) for n in range(cases)
    ]
    late = [
        one.case
        for one in found
        for limit in (*one.dispute.deadlines, *one.dispute.missed)
        if one.dispute.phase is Phase.ENFORCING
        and limit.awaited is Awaited.ENFORCEMENT
        and TODAY - limit.due > timedelta(days=14)
    ]
    assert late == []
    events = [recorded.event for one in found for recorded in one.events]
    appeals = Counter(one.by for one in events if isinstance(one, AppealFiled))
    results = Counter(one.result for one in events if isinstance(one, AppealDecided))
    assert min(appeals[Party.BUYER], appeals[Party.SELLER]) > 3
    assert set(results) == set(AppealResult)


def check_correction(system: System, early: datetime) -> None:
    """The report of the quarter has two editions, and says what differs."""
    with system.database.get_connection() as connection:
        every = all_manifests(connection)
        (name,) = {one.name for one in every if one.corrects}
        first, second = (edition_read(connection, name, n) for n in (1, 2))
    assert first is not None
    assert second is not None
    assert first.manifest.published_at == early
    assert second.manifest.published_at == TODAY
    assert second.manifest.reason
    assert len(second.manifest.differences) > 3


def charts_of_published(system: System) -> set[str]:
    """Publish what the demo does; return the charts that the reports have."""
    publish_figures(system, TODAY)
    words = Wording("en", system.rulebooks.codes)
    with system.database.get_connection() as connection:
        last = last_of_each(all_manifests(connection))
        found = [edition_read(connection, one.name) for one in last]
    return {one.id for each in found if each for one in charts(each.report, words)}
