"""The figures: what is counted lies within what it is counted out of."""

from __future__ import annotations

from uuid import uuid4

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from application.cases.disputes import Disputes
from domain.admission.commands import Admit
from domain.identity import natural_key
from domain.money import Money
from domain.negotiation.commands import AcceptOffer, MakeOffer, RespondToClaim
from domain.performance.commands import ConfirmFulfilment, Fulfil
from domain.terms import Terms
from projections.case_view.shown_values import MoneyShown
from projections.figures.metrics import FigureUnit, Metric, metrics
from projections.reports.period import Question
from projections.reports.report import Report, report
from tests.conftest import Clock, ManualWorker
from tests.projections.random_figures import fill_with_anything
from tests.sample_cases import ask, tell
from tests.samples import BUYER, FILE, MEDIATOR, SELLER

pytestmark = pytest.mark.store

METRICS = metrics()
RATES = [metric for metric in METRICS if metric.unit is FigureUnit.SHARE]


def figures(session: psycopg.Connection) -> Report:
    return report(session, Question(period="all"))


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.id)
def test_every_case_that_a_rate_counts_is_one_that_it_is_counted_out_of(
    rate: Metric, session: psycopg.Connection
) -> None:
    fill_with_anything(session, 20_000)
    query = (
        f"SELECT count(*) FILTER (WHERE {rate.counted}),"
        f" count(*) FILTER (WHERE ({rate.counted}) AND ({rate.out_of}) IS NOT TRUE)"
        " FROM transparency"
    )
    row = session.execute(query.encode()).fetchone()
    assert row is not None
    assert row[0] > 0
    assert row[1] == 0


def test_nothing_counted_is_said_to_be_nothing(session: psycopg.Connection) -> None:
    (group,) = msgspec.to_builtins(figures(session))["groups"]
    assert {one["id"] for one in group["figures"]} == {one.id for one in METRICS}
    for figure in group["figures"]:
        assert figure["numerator"] == 0
        assert figure.get("denominator", 0) == 0
        assert ("denominator" in figure) == (figure["unit"] == "share")


def test_a_case_that_waits_in_time_was_not_admitted_in_time(
    disputes: Disputes, clock: Clock, worker: ManualWorker, session: psycopg.Connection
) -> None:
    tell(disputes, clock, "filed", "o-1")
    tell(disputes, clock, "admitted", "o-2")
    worker.catch_up()
    figure = figures(session).groups[0]["admission-in-time"]
    assert (figure.numerator, figure.denominator, figure.value) == (1, 1, 1.0)


def test_money_agreed_on_a_claim_for_repair_has_its_currency(
    disputes: Disputes, worker: ManualWorker, session: psycopg.Connection
) -> None:
    case = natural_key("shop", "b-1", "o-1", "1", "defect", 1)
    back = Terms(kind="refund", amount=Money(5_000, "CNY"))
    claim = replace(FILE, claim=Terms(kind="repair"))
    for actor, command in (
        (BUYER, claim),
        (MEDIATOR, Admit()),
        (SELLER, RespondToClaim(position="contest", statement=str(uuid4()))),
        (SELLER, MakeOffer(terms=back)),
        (BUYER, AcceptOffer(number=1)),
        (SELLER, Fulfil(obligation=1)),
        (BUYER, ConfirmFulfilment(obligation=1)),
    ):
        ask(disputes, case, actor, command)
    worker.catch_up()
    awarded = figures(session).groups[0]["awarded"]
    assert (awarded.value, awarded.parts, awarded.amounts) == (
        None,
        None,
        (MoneyShown("50.00", "CNY"),),
    )
