"""What is wrong with a decision, at the fields of its form."""

from __future__ import annotations

import re

from msgspec import Struct

from interface.pages.desk.ruling_form import field_at
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.typed_fields import ruling_field

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
        FieldFault(field=field, called=ruling_field(field, language), words=words)
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
