"""What is wrong with a decision, at the fields of its form."""

from __future__ import annotations

import re

from msgspec import Struct

from interface.pages.desk.ruling_form import field_at
from interface.pages.forms.action_form import Attempt
from interface.pages.page_texts import page_texts, page_words

STEPS = ("reasons", "result", "liability", "remedies", "automation", "model")
"""The parts of the form, in their order."""

FIELDS = ("issue", "finding", "e", "cites", "burden", "kind", "amount", "freight")
"""The fields of a row, in their order."""

_ROW = re.compile(r"(reasons|remedies)\.(\d+)(?:\.(\w+))?")


class FieldFault(Struct, frozen=True, kw_only=True):
    """A fault: the field of the form, what that is called, and the words."""

    field: str
    called: str
    words: str


def fault_list(attempt: Attempt, language: str) -> tuple[FieldFault, ...]:
    """Return the faults of a decision that was refused, one for each field."""
    found: dict[str, str] = {}
    for one in attempt.problem.errors:
        found.setdefault(field_at(one.pointer), one.detail)
    return tuple(
        FieldFault(field=field, called=_called(field, language), words=words)
        for field, words in sorted(found.items(), key=_place)
    )


def _place(fault: tuple[str, str]) -> tuple[int, int, int]:
    """Return where a field stands in the form: faults are told in that order."""
    row = _ROW.fullmatch(fault[0])
    first = row[1] if row else fault[0]
    step = STEPS.index(first) if first in STEPS else len(STEPS)
    if row is None or row[3] not in FIELDS:
        return step, int(row[2]) if row else -1, 0
    return step, int(row[2]), FIELDS.index(row[3])


def _called(field: str, language: str) -> str:
    """Return what a field is called, with its row; "" for one that no form has."""
    row = _ROW.fullmatch(field)
    name = (row[3] or row[1]) if row else field
    words = page_texts()["ruling-field"].get(name)
    if words is None:
        return ""
    if row is None:
        return words[language]
    place = page_words(f"ruling.{row[1]}-n", language, n=int(row[2]) + 1)
    return f"{place} {words[language]}" if row[3] else place
