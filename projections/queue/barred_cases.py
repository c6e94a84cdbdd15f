"""The cases that a person of the platform may not read, and that no list shows them.

The rule itself is `domain.conflicts_of_interest`; this is the same in SQL.
"""

from __future__ import annotations

from typing import Any

from domain.roles import STAFF, Actor

_BARRED = (
    "(q.buyer = %(staff)s OR q.seller = %(staff)s OR EXISTS (SELECT 1"
    " FROM case_recusals r WHERE r.case_id = q.case_id AND r.person = %(staff)s))"
)


def hidden_from(
    reader: Actor | None, values: dict[str, Any], *, of: str | None = None
) -> list[str]:
    """Return the conditions under which a list shows a case to its reader.

    On rows of `queue q`, or on those of a table `of`, whose cases are looked up there.
    What the conditions refer to is put into `values`.
    """
    if reader is None or reader.role not in STAFF:
        return []
    values["staff"] = reader.id
    if of is None:
        return [f"NOT {_BARRED}"]
    case = f"q.case_id = {of}.case_id"
    return [f"NOT EXISTS (SELECT 1 FROM queue q WHERE {case} AND {_BARRED})"]
