"""Rows of `transparency` with anything in them, made by the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args, get_type_hints
from uuid import UUID

import psycopg

from projections.figures.case_figures import Figures

CHOICES = {
    "outcome": ("settled", "ruled", "withdrawn", "refused", "decided-elsewhere"),
    "claim": ("met", "partly", "not-met", "none"),
    "automation": ("none", "assisted", "automated"),
    "review_result": ("upheld", "changed"),
    "appeal_result": ("upheld", "varied", "set-aside"),
    "refused_on": ("abusive", "no-basis", "late"),
    "zone": ("Asia/Shanghai", "UTC", "America/New_York"),
}
NAMES = [name for name in Figures.__struct_fields__ if name != "case_id"]


def any_value(name: str) -> str:
    """Return SQL for a random value of a column, NULL included where it may be."""
    hint = get_type_hints(Figures)[name]
    kinds = [getattr(kind, "__name__", "") for kind in get_args(hint) or (hint,)]
    if "bool" in kinds:
        value = "random() < 0.5"
    elif "datetime" in kinds:
        value = "'2026-07-01'::timestamptz - random() * interval '200 days'"
    elif "int" in kinds:
        value = "(random() * 1000)::int"
    else:
        among = ", ".join(f"'{one}'" for one in CHOICES.get(name, ("x", "y")))
        some = f"ARRAY[{among}]"
        value = f"({some})[1 + floor(random() * cardinality({some}))::int]"
    return f"CASE WHEN random() < 0.4 THEN {value} END" if len(kinds) > 1 else value


def fill_with_anything(session: psycopg.Connection, cases: int) -> None:
    """Add as many rows."""
    query = (
        f"INSERT INTO transparency (case_id, {', '.join(NAMES)})"
        f" SELECT gen_random_uuid(), {', '.join(map(any_value, NAMES))}"
        f" FROM generate_series(1, {cases})"
    )
    session.execute("SELECT setseed(0.5)")
    session.execute(query.encode())


def reassigned(session: psycopg.Connection, cases: Sequence[UUID]) -> None:
    """Give cases other values in every column that can change."""
    fixed = {"platform", "system", "zone", "channel", "category", "reason"}
    values = ", ".join(
        f"{name} = {any_value(name)}" for name in NAMES if name not in fixed
    )
    query = f"UPDATE transparency SET {values} WHERE case_id = ANY(%s)"
    session.execute(query.encode(), (list(cases),))
