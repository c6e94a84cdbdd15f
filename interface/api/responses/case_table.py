"""A list of cases as a table for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from application.texts import say
from domain.policy.codes import Codes
from interface.api.csv_tables import Table
from interface.api.request_context import RequestContext
from interface.api.responses.case_list import CaseListed, CasesPage, SampleDrawn

COLUMNS = (
    *("case-number", "opened", "phase", "category", "reason", "buyer", "seller"),
    *("order", "title", "claim", "amount", "waiting-on", "waiting-for", "due"),
    *("closed", "outcome", "assignee", "id"),
)


def case_table(context: RequestContext, cases: CasesPage) -> Table:
    """Return cases with the words of their codes, and how a sample was drawn."""
    codes = context.system.rulebooks.codes
    rows = (list(_row(case, codes, context.language)) for case in cases.items)
    return Table(COLUMNS, rows, _drawn(cases.sample))


def _drawn(sample: SampleDrawn | None) -> dict[str, str]:
    if sample is None:
        return {}
    # A header can hold no line, nor letters beyond ASCII.
    seed = quote(sample.seed)
    said = f"seed={seed}, size={sample.size}, population={sample.population}"
    return {"Sample": f"{said}, method={sample.method}"}


def _row(case: CaseListed, codes: Codes, language: str) -> Iterator[Any]:
    def words(table: str, code: str | None) -> str | None:
        return None if code is None else say(table, code, language)

    # A spreadsheet would round a number of twenty digits.
    yield " ".join(case.case_number[at : at + 4] for at in range(0, 20, 4))
    yield case.opened_at
    yield words("phases", case.phase)
    category = codes.categories.get(case.category)
    reason = category.reasons.get(case.reason) if category else None
    yield _label(category, language) or case.category
    yield _label(reason, language) or case.reason
    yield from (case.buyer, case.seller, case.order.id, case.order.title)
    yield _label(codes.remedies.get(case.claim or ""), language) or case.claim
    yield case.amount
    yield words("parties", case.waiting_on)
    yield words("awaited", case.waiting_for)
    yield from (case.due, case.closed_at)
    yield words("outcomes", case.outcome)
    yield from (case.assignee, case.id)


def _label(label: Any, language: str) -> str | None:
    return None if label is None else str(getattr(label, language))
