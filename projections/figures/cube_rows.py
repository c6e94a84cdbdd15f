"""The rows of cases as the figure cube adds them up: with months, and with their cuts.

They are put into a table of the session, `CHANGED`, each with its weight.
"""

from __future__ import annotations

from projections.figures.case_figures import Figures
from projections.figures.cube_terms import SLICED, SLICES, keys, months

CHANGED = "pg_temp.figures_changed"

_OWN = ", ".join(f"t.{name}" for name in Figures.__struct_fields__)
_KEYS = ", ".join(f"{sql} AS {name}" for name, sql in keys().items())
_MONTHS = ", ".join(f"{sql} AS {name}" for name, sql in months().items())
_CUTS = ", ".join(f"{name}.cut AS cut_{name}" for name in SLICES)
_JOINED = " ".join(
    f"JOIN figure_cuts {name} ON {name}.slice = '{name}'"
    f" AND {name}.platform = key_platform AND {name}.system = key_system"
    f" AND {name}.category = {category} AND {name}.value = {value}"
    for name, (value, category) in SLICED.items()
)
_EACH = ", ".join(
    f"('{name}', {value}, {category})" for name, (value, category) in SLICED.items()
)

CUTS_DDL = """CREATE TABLE figure_cuts (
    cut      integer GENERATED ALWAYS AS IDENTITY,
    slice    text NOT NULL,
    value    text NOT NULL,
    category text NOT NULL,
    platform text NOT NULL,
    system   text NOT NULL,
    UNIQUE (slice, platform, system, category, value),
    PRIMARY KEY (cut)
);
"""


def noted(weight: str, source: str) -> str:
    """Return the query for rows of a table, with a weight; their cuts have numbers."""
    return f"""
SELECT {weight} AS weight, {_OWN}, {_MONTHS}, {_CUTS}
FROM (SELECT t.*, {_KEYS} FROM {source}) AS t {_JOINED}"""


def numbered(source: str) -> str:
    """Return the statement that gives the cuts of rows their numbers."""
    return f"""
INSERT INTO figure_cuts (slice, value, category, platform, system)
SELECT * FROM (
    SELECT DISTINCT cut.slice, cut.value, cut.within, key_platform, key_system
    FROM (SELECT DISTINCT {_KEYS} FROM {source}) AS t
    CROSS JOIN LATERAL (VALUES {_EACH}) AS cut (slice, value, within)
) AS n WHERE NOT EXISTS (
    SELECT 1 FROM figure_cuts c WHERE c.slice = n.slice AND c.platform = n.key_platform
    AND c.system = n.key_system AND c.category = n.within AND c.value = n.value)"""


MAKE = f"""
CREATE TEMPORARY TABLE IF NOT EXISTS figures_changed ON COMMIT DELETE ROWS
    AS {noted("1", "transparency t")} WITH NO DATA"""
