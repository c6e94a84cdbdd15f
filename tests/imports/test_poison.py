"""Random cells in every field of every event: rejects, and views that go on.

What is recorded never changes, so an event that a view cannot take in would stop it for
ever. Nothing that the parsers and the domain's types let through may do that.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from msgspec import Struct

from application.imports.event_fields import item_of, type_of
from application.imports.mapping import EVENTS, IMPORTABLE
from domain.case.coded_fields import codes_of
from domain.money import Money
from tests.conftest import ManualWorker
from tests.imports.conftest import Import
from tests.samples import BOOKS
from tests.sizes import sized

CELLS = sized(20_000, 100_000)
NASTY = (
    "",
    "0",
    "-1",
    "1",
    "3",
    "2147483648",
    "9" * 20,
    "9" * 400,
    "1e5",
    "1.5",
    "٣",
    "NaN",
    "true",
    "maybe",
    "\u200b",
    "a\u202eb",
    "e\u0301",
    "长" * 300,
    "x" * 3_000,
    "x" * 70_000,
    "2024-02-30",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2024-01-02T10:00:00",
    "2024-01-02",
    "null",
    "[]",
    "{}",
    "=1+1",
    "'; DROP TABLE events; --",
    "\ud83d\ude00",
    "case:00000000-0000-0000-0000-000000000000",
)
TIMES = (
    "2024-01-02T10:00:00Z",
    "2024-03-05",
    "2023-12-31T23:59:59+08:00",
    "2030-01-01",
)


class Column(Struct, frozen=True):
    """A column of the poisoned table, and values that its field can hold."""

    name: str
    good: tuple[str, ...]


def columns_of(kind: type[Struct], prefix: str) -> Iterator[Column]:
    for field in msgspec.structs.fields(kind):
        name = field.encode_name
        if name in {"platform", "policy"}:
            continue
        holds = type_of(kind, name)
        yield from column_of(kind, f"{prefix}{name}", name, item_of(holds) or holds)


def column_of(
    kind: type[Struct], place: str, name: str, holds: Any
) -> Iterator[Column]:
    known = codes_of(kind, name, BOOKS.codes)
    if holds is Money:
        yield Column(f"{place}.amount", ("12", "0", "5800"))
        yield Column(f"{place}.currency", ("CNY", "JPY", "BHD"))
    elif isinstance(holds, type) and issubclass(holds, Struct):
        yield from columns_of(holds, f"{place}.")
    elif name in {"category", "reason"}:
        # Of one category, or most filings would contradict themselves.
        yield Column(place, ("quality",) if name == "category" else ("defect",))
    elif known is not None:
        yield Column(place, tuple(sorted(known)))
    elif isinstance(holds, type) and issubclass(holds, StrEnum):
        yield Column(place, tuple(holds))
    elif holds is int:
        yield Column(place, ("1", "2"))
    elif holds is bool:
        yield Column(place, ("true", "false"))
    elif holds is datetime:
        yield Column(place, TIMES)
    elif name in {"sha256", "sealed"}:
        yield Column(place, ("a" * 64,))
    elif name == "media_type":
        yield Column(place, ("image/jpeg",))
    elif "UUID" in str(holds):
        yield Column(place, ("7c6f0f0e-6d0a-4d27-9a55-3a4a2c2d5b11",))
    else:
        yield Column(place, ("a name", "店"))


def fields_of(kind: type[Struct], prefix: str) -> Iterator[str]:
    """Write the fields of an event as a mapping reads them."""
    for field in msgspec.structs.fields(kind):
        name = field.encode_name
        if name in {"platform", "policy"}:
            continue
        holds = type_of(kind, name)
        inner = item_of(holds)
        if inner is not None and isinstance(inner, type) and issubclass(inner, Struct):
            groups = {
                one.name.replace(".", "_"): one.name
                for one in columns_of(inner, f"{prefix}{name}.")
            }
            told = ", ".join(f'"{key}" = "{one}"' for key, one in groups.items())
            inside = ", ".join(rules_of(inner, f"{prefix}{name}.", "_"))
            yield (
                f'"{name}" = {{ each = {{ groups = [{{ {told} }}] }},'
                f" fields = {{ {inside} }} }}"
            )
        else:
            split = ', split = ";"' if inner is not None else ""
            yield from rule_of(name, f"{prefix}{name}", inner or holds, ".", split)


def rules_of(kind: type[Struct], prefix: str, dot: str) -> Iterator[str]:
    for field in msgspec.structs.fields(kind):
        name = field.encode_name
        holds = type_of(kind, name)
        split = ', split = ";"' if item_of(holds) is not None else ""
        yield from rule_of(name, f"{prefix}{name}", item_of(holds) or holds, dot, split)


def rule_of(name: str, place: str, holds: Any, dot: str, split: str) -> Iterator[str]:
    column = place.replace(".", dot)
    if holds is Money:
        amount, currency = f"{place}.amount", f"{place}.currency"
        money = f'money = {{ column = "{currency.replace(".", dot)}" }}'
        yield f'"{name}" = {{ column = "{amount.replace(".", dot)}", {money} }}'
    elif isinstance(holds, type) and issubclass(holds, Struct):
        for one in msgspec.structs.fields(holds):
            inner = type_of(holds, one.encode_name)
            # Lists within parts are not told by columns.
            if item_of(inner) is None:
                at = f"{place}.{one.encode_name}"
                yield from rule_of(f"{name}.{one.encode_name}", at, inner, dot, split)
    elif holds is datetime:
        yield f'"{name}" = {{ column = "{column}", format = "iso"{split} }}'
    else:
        yield f'"{name}" = {{ column = "{column}"{split} }}'


def mapping() -> str:
    parts = ['system = "poison"\nzone = "Europe/Berlin"\nid = "id"\n']
    for name in IMPORTABLE:
        when = (
            ""
            if name == "filed"
            else f'when = [{{ column = "{name}", present = true }}]\n'
        )
        parts.append(
            f'[[events]]\ntype = "{name}"\nactor = "buyer"\n'
            f'at = {{ column = "{name}.at" }}\n{when}[events.fields]\n'
        )
        parts.append("\n".join(fields_of(EVENTS[name], f"{name}:")) + "\n")
    return "".join(parts)


def rows(path: Path, seed: int) -> int:
    """Write a table of poisoned cells; return how many cells are filled."""
    rng = random.Random(seed)
    of_kind = {name: list(columns_of(EVENTS[name], f"{name}:")) for name in IMPORTABLE}
    marks = [name for name in IMPORTABLE if name != "filed"]
    times = [f"{name}.at" for name in IMPORTABLE]
    named = [column.name for columns in of_kind.values() for column in columns]
    filled = number = 0
    with path.open("w", newline="", encoding="utf-8", errors="surrogatepass") as file:
        out = csv.DictWriter(file, ["id", *marks, *times, *named], restval="")
        out.writeheader()
        while filled < CELLS:
            number += 1
            row = {"id": str(number)}
            poison = rng.random() < 0.7
            for name in ("filed", *rng.sample(marks, rng.randint(0, 3))):
                row[name] = "x"
                row[f"{name}.at"] = rng.choice(TIMES)
                for column in of_kind[name]:
                    good = not poison or rng.random() < 0.97
                    row[column.name] = rng.choice(column.good if good else NASTY)
            row.pop("filed")
            filled += len(row)
            out.writerow(row)
    return filled


@pytest.mark.long
def test_random_cells_are_rejected_or_followed_by_every_view(
    run_import: Import, worker: ManualWorker, url: str, tmp_path: Path
) -> None:
    assert rows(tmp_path / "poison.csv", seed=18) >= CELLS
    done = run_import(tmp_path / "poison.csv", mapping())
    # Enough of both, or the test would show nothing.
    assert done.cases > done.rows / 20
    assert done.rejected > done.rows / 5
    worker.catch_up()
    with psycopg.connect(url) as connection:
        wrong = connection.execute(
            "SELECT name, halted FROM redress.followers WHERE halted IS NOT NULL"
            " UNION SELECT follower, NULL FROM redress.parked"
        ).fetchall()
        behind = connection.execute(
            "SELECT name FROM redress.followers WHERE position <"
            " (SELECT max(position) FROM redress.ledger)"
        ).fetchall()
    assert (wrong, behind) == ([], [])
    path = tmp_path / "rejects.csv"
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        reasons = {row[1] for row in csv.reader(file)}
    for word in ("Traceback", "msgspec", "Expected", "`", "Invalid"):
        assert not [reason for reason in reasons if word in reason], word
