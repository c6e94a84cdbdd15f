"""What a report can be narrowed to: a mistyped value would count nothing, as zeros."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from projections.reports.period import BadQuestion, Question

Known = Callable[[str], Sequence[str]]
"""Returns the values of a column of the rows that figures are counted from."""

DISTINCT = "SELECT DISTINCT {column} AS value FROM transparency ORDER BY 1"
_SHOWN = 40


def check_known(question: Question, known: Known) -> None:
    """Raise BadQuestion for a category, a platform or a source that no case has."""
    asked = {
        "category": question.category,
        "platform": question.platform,
        # Our own cases have an empty one.
        "system": question.system or None,
    }
    for column, value in asked.items():
        if value is None:
            continue
        found = [one for one in known(column) if one]
        if value not in found:
            listed = ", ".join(found[:_SHOWN]) or "none"
            said = f"is no {_NAMES[column]} of a case here: there are {listed}"
            raise BadQuestion(column, value, said, found)


_NAMES = {"category": "category", "platform": "platform", "system": "source"}
NARROWED = frozenset(_NAMES)
"""The columns that a report can be narrowed by."""
