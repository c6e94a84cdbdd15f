"""The recipes of docs/importing.md run, and the fields of events are those it lists."""

from __future__ import annotations

import csv
import io
import os
from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
import pytest
import xlsxwriter
from msgspec import Struct

from application.cases.disputes import Disputes
from application.imports.event_fields import item_of, type_of
from application.imports.importer import Importer
from application.imports.mapping import EVENTS, IMPORTABLE
from application.imports.mapping_text import with_values
from application.imports.mapping_validation import load
from application.imports.progress import Progress
from application.imports.row_to_events import NUMBERED
from domain.case.coded_fields import CODED
from tests.docs.markdown import ROOT, Block, blocks
from tests.samples import BOOKS

PAGE = ROOT / "docs" / "importing.md"
HEADING = "## Fields of events\n"
LONGEST_MAPPING = 60


def recipes() -> dict[str, list[Block]]:
    found: dict[str, list[Block]] = defaultdict(list)
    for block in blocks(PAGE):
        if recipe := block.attributes.get("recipe"):
            found[recipe].append(block)
    return found


def test_there_are_ten_recipes() -> None:
    assert len(recipes()) == 10


@pytest.mark.parametrize("name", recipes())
def test_a_recipe_does_what_the_page_says(
    disputes: Disputes, tmp_path: Path, name: str
) -> None:
    parts = recipes()[name]
    files = [one for one in parts if "file" in one.attributes]
    (mapping,) = (one for one in parts if one.language == "toml")
    (result,) = (one for one in parts if one.language == "text")
    assert mapping.text.count("\n") <= LONGEST_MAPPING
    given = result.attributes.get("set", "")
    values = dict([given.split("=")]) if given else {}
    text = with_values(mapping.text, values)
    for one in files:
        written(tmp_path, one)
    later = [one for one in files if "then" in one.attributes]
    first = [one for one in files if one not in later]
    named = "[source]" in text
    done = imported(disputes, text, tmp_path, [] if named else first)
    if later:
        done = imported(disputes, text, tmp_path, later)
    assert result.text == (
        f"{done.rows} rows: {done.cases} cases, {done.events} events,"
        f" {done.rejected} rejected\n"
    )


def imported(
    disputes: Disputes, text: str, folder: Path, files: list[Block]
) -> Progress:
    paths = [folder / one.attributes["file"] for one in files]
    mapping = load(text, BOOKS.codes)
    importer = Importer(disputes, mapping, text, paths, folder)
    return importer.run(folder / "rejects.csv", lambda _: None)


def written(folder: Path, block: Block) -> None:
    path = folder / block.attributes["file"]
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet: Any = book.add_worksheet()
            for number, row in enumerate(csv.reader(io.StringIO(block.text))):
                sheet.write_row(number, 0, row)
    else:
        path.write_text(block.text, block.attributes.get("encoding", "utf-8"))


def test_the_fields_of_events_are_those_that_the_page_lists() -> None:
    page = PAGE.read_text("utf-8")
    expected = HEADING + "\n" + INTRODUCTION + "\n" + "\n".join(field_table()) + "\n"
    if os.environ.get("FIELDS") == "write":
        PAGE.write_text(page.partition(HEADING)[0] + expected, "utf-8")
    assert PAGE.read_text("utf-8").partition(HEADING)[2] == expected.removeprefix(
        HEADING
    )


INTRODUCTION = """Required fields are bold; of a part, where the part is given. Behind a
field stands what it holds: a table of [codes](../domain/policy/codes.toml), values, or
a type; nothing stands behind texts. `[]` is a list.
`FIELDS=write pytest tests/imports/test_recipes.py` writes this table.
"""


def field_table() -> Iterator[str]:
    yield "| event | fields |"
    yield "|---|---|"
    for name in IMPORTABLE:
        told = ", ".join(fields_of(EVENTS[name], "", counted=name in NUMBERED))
        yield f"| `{name}` | {told or 'none'} |"


def fields_of(kind: type[Struct], prefix: str, *, counted: bool) -> Iterator[str]:
    for field in msgspec.structs.fields(kind):
        name = field.encode_name
        if name in {"platform", "policy"} or (name == "number" and counted):
            continue
        place = f"`{prefix}{name}`"
        shown = f"**{place}**" if field.required else place
        holds = type_of(kind, name)
        inner = item_of(holds)
        is_list = "[]" if inner is not None else ""
        holds = inner or holds
        if (
            isinstance(holds, type)
            and issubclass(holds, Struct)
            and name != "deadlines"
        ):
            if set(holds.__struct_fields__) == {"amount", "currency"}:
                yield f"{shown} money"
            else:
                yield f"{shown}{is_list} with " + " · ".join(
                    fields_of(holds, "", counted=False)
                )
        else:
            said = said_of(kind, name, holds)
            yield f"{shown}{is_list} {said}".rstrip()


def said_of(kind: type[Struct], name: str, holds: Any) -> str:
    table = CODED.get(kind, {}).get(name)
    if table is not None:
        return f"of {table}"
    if get_origin(holds) in {Union, UnionType}:
        return " or ".join(said_of(kind, name, one) for one in get_args(holds))
    if isinstance(holds, type) and issubclass(holds, Enum):
        return f"({'/'.join(str(one.value) for one in holds)})"
    names = {"int": "number", "bool": "true/false", "datetime": "time", "UUID": "UUID"}
    return names.get(getattr(holds, "__name__", ""), "")
