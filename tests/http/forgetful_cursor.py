"""A cursor that forgets the conditions that keep a query to its reader's rows."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, TypeVar

from psycopg import Cursor

from projections.queue.barred_cases import (
    _BARRED,  # the text itself is what is forgotten
)

Row = TypeVar("Row")

_OWN = re.compile(
    r"\b(?:\w+\.)?(platform|buyer|seller|subject|reader|party) = (%\(\w+\)s|%s)"
)
_TOLD = "seller_since IS NOT NULL"

FORGOTTEN: Counter[str] = Counter()
"""How often each condition was left out."""


def forgetful(query: str) -> str:
    """Return a query without its conditions on platforms, parties and relations."""

    def forget(found: re.Match[str]) -> str:
        FORGOTTEN[found[1]] += 1
        # The parameter stays: it was sent, and its type has to be known.
        return f"({found[2]}::text IS NULL OR true)"

    if not query.lstrip().startswith("SELECT"):
        return query
    for condition, instead in ((_BARRED, "false"), (_TOLD, "true")):
        if condition in query:
            FORGOTTEN[condition[:12]] += 1
            query = query.replace(condition, instead)
    return _OWN.sub(forget, query)


class ForgetfulCursor(Cursor[Row]):
    """Sends queries without the conditions that keep them to their reader's rows."""

    def execute(self, query: Any, *args: Any, **how: Any) -> Any:
        """Execute a query, less what it says of whose rows it is about."""
        if isinstance(query, bytes):
            query = forgetful(query.decode()).encode()
        elif isinstance(query, str):
            query = forgetful(query)
        return super().execute(query, *args, **how)
