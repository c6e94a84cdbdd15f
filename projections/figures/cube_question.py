"""Which questions the figure cube answers, and where in it their cells are."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from projections.figures.cube_terms import NO_MONTH, SLICES
from projections.reports.period import CALENDAR_CUTS, Question
from projections.reports.report_cuts import LONGEST

MOST = LONGEST // 4
"""Characters of a name that is kept as it is, whatever characters they are."""

_MONTHS = {
    "month": "to_char(month, 'YYYY-MM')",
    "quarter": "to_char(month, 'YYYY-\"Q\"Q')",
    "year": "to_char(month, 'YYYY')",
}
_EVERYWHERE = {**_MONTHS, "platform": "platform", "system": "system"}
_BY_REASON = {"category": "category", "reason": "value"}
_SLICED: Mapping[str, Mapping[str, str]] = {
    "channel": {"channel": "value"},
    "reason": _BY_REASON,
    "outcome": {"outcome": "value"},
}
"""What each slice can be cut by, the one with the fewest cells first."""


class Cells(Struct, frozen=True):
    """The cells of a question, in SQL. Columns are those of the cube's tables."""

    slice: str
    place: str
    conditions: str

    def of(self, table: str) -> str:
        """Return a table of the cube with the names of its cuts, for a FROM clause."""
        return f"{table} JOIN figure_cuts USING (slice, cut)"


def cells(question: Question) -> Cells | None:
    """Return where the answer is added up from; None: from the rows of the cases.

    Raises BadQuestion.
    """
    # Months of the cube begin where the cases are at home, and its names are bounded.
    named = (question.category, question.system, question.platform)
    if question.zone is not None or any(len(one or "") > MOST for one in named):
        return None
    found = next(filter(lambda name: _serves(name, question), _SLICED), None)
    if found is None:
        return None
    columns = {**_EVERYWHERE, **_SLICED[found]}
    names = [columns[cut] for cut in question.cuts] or ["'all'"]
    return Cells(found, f"ARRAY[{', '.join(names)}]", _conditions(found, question))


def _serves(name: str, question: Question) -> bool:
    cut_by = {*_EVERYWHERE, *_SLICED[name]}
    filtered = question.category is None or name == "reason"
    return name in SLICES and filtered and set(question.cuts) <= cut_by


def _conditions(name: str, question: Question) -> str:
    found = [f"slice = '{name}'"]
    if question.bounds is not None:
        found += ["month >= %(since)s", "month < %(until)s"]
    elif set(question.cuts) & set(CALENDAR_CUTS):
        found.append(f"month <> '{NO_MONTH}'")
    found += [
        f"{column} = %({column})s"
        for column in ("category", "system", "platform")
        if getattr(question, column) is not None
    ]
    return " AND ".join(found)
