"""A report over the lake is the report of the record, to the last digit."""

from __future__ import annotations

from uuid import UUID

import pytest
from msgspec import to_builtins

from application.record.envelope import decode, is_about_a_case
from projections.lake.lake_report import lake_report
from projections.lake.lake_store import Lake
from projections.reports.period import CUTS, BadQuestion, Question
from projections.reports.public_figures import made_public
from projections.reports.publication_terms import Author
from projections.reports.report import report
from projections.reports.report_edition import canonical, digest
from projections.reports.report_publication import publish
from tests.lake.written_record import UNTIL, WrittenRecord
from tests.projections.event_history import Happened, History
from tests.projections.naive_report import hold

NAMED_BY_PSEUDONYMS = {"seller", "mediator"}


def same(written: WrittenRecord, lake: Lake, question: Question) -> None:
    with written.session() as connection:
        counted = report(connection, question)
    assert canonical(lake_report(lake, question)) == canonical(counted)


@pytest.mark.parametrize("by", ["none", *sorted({*CUTS} - NAMED_BY_PSEUDONYMS)])
def test_each_cut_is_that_of_the_record(
    written: WrittenRecord, lake: Lake, by: str
) -> None:
    same(written, lake, Question(period="2026", by=by))


@pytest.mark.parametrize(
    "question",
    [
        Question(period="2026-Q3"),
        Question(period="2026-07", by="month,outcome"),
        Question(period="all", by="reason,quarter"),
        Question(period="2026", zone="America/New_York", by="month"),
        Question(period="2026", category="delivery"),
        Question(period="2026", platform="shop", system="", by="amount"),
        Question(period="1999"),
    ],
    ids=str,
)
def test_each_question_is_answered_as_by_the_record(
    written: WrittenRecord, lake: Lake, question: Question
) -> None:
    same(written, lake, question)


def test_the_period_before_stands_beside(written: WrittenRecord, lake: Lake) -> None:
    question = Question(period="2026-Q3", by="category")
    with written.session() as connection:
        counted = report(connection, question, compared=True)
    assert lake_report(lake, question, compared=True) == counted


@pytest.mark.parametrize("by", sorted(NAMED_BY_PSEUDONYMS))
def test_people_have_other_names_and_the_same_figures(
    written: WrittenRecord, lake: Lake, by: str
) -> None:
    question = Question(period="2026", by=by)
    with written.session() as connection:
        counted = report(connection, question)
    found = lake_report(lake, question)

    def figures(groups: object) -> list[object]:
        return sorted((one["figures"] for one in to_builtins(groups)), key=str)

    assert figures(found.groups) == figures(counted.groups)
    shared = {one.key for one in found.groups} & {one.key for one in counted.groups}
    assert shared <= {"unknown", "rules", "clock"}


def test_a_question_that_cannot_be_asked_is_refused(lake: Lake) -> None:
    with pytest.raises(BadQuestion):
        lake_report(lake, Question(period="2026-Q5"))


def test_the_digest_is_the_published_one(written: WrittenRecord, lake: Lake) -> None:
    question = Question(period="2026-Q2")
    with written.session() as connection:
        author = Author(by="s-1", at=UNTIL, zone="Asia/Shanghai")
        manifest, _ = publish(connection, question, author)
    public = digest(canonical(made_public(lake_report(lake, question))))
    assert public == manifest.sha256


@pytest.mark.parametrize(
    ("period", "by"),
    [("2026", "none"), ("2026", "month"), ("2026-07", "reason")],
)
def test_the_figures_are_what_plain_python_counts(
    written: WrittenRecord, lake: Lake, period: str, by: str
) -> None:
    histories: dict[UUID, list[Happened]] = {}
    with written.session() as connection:
        for topic, state in connection.execute(
            "SELECT e.topic, e.state FROM ledger l JOIN events e USING"
            " (notification_id) ORDER BY l.position"
        ).fetchall():
            if is_about_a_case(topic):
                one = decode(bytes(state))
                own = histories.setdefault(one.case, [])
                own.append(Happened(one.at, one.event))
    found = lake_report(lake, Question(period=period, by=by))
    hold(found, map(History, histories.values()), by, period)
