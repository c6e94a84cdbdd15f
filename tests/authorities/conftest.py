"""A report with something in nearly every figure, and the shipped codes."""

from __future__ import annotations

import psycopg
import pytest

from application.rules.rulebook import Rulebooks
from domain.policy.codes import Codes
from projections.authorities.forms import FORMS
from projections.reports.period import Question
from projections.reports.report import Report, report
from tests.authorities.form_reading import ASKED
from tests.postgres import Server
from tests.projections.random_figures import fill_with_anything


@pytest.fixture(scope="module")
def reports(server: Server) -> dict[str, Report]:
    """Return the reports that forms are made of, and under "" that of two platforms."""
    with (
        server.database() as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        connection.execute("SET search_path TO redress")
        fill_with_anything(connection, 2_000)
        asked = {
            name: (form.question(ASKED), form.compared) for name, form in FORMS.items()
        } | {"": (Question(period=ASKED.period, by="platform"), False)}
        return {
            name: report(connection, question, compared=compared, from_rows=True)
            for name, (question, compared) in asked.items()
        }


@pytest.fixture(scope="session")
def codes() -> Codes:
    return Rulebooks().codes
