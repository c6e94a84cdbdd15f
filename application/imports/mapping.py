"""Mapping files: which column is which field, which value is which code.

A mapping lists the events that a row may state, as `events`. Each says its type, who
did it and when, under which conditions the row states it at all, and where its fields
come from. `facts` is the old name of `events`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, get_args

from msgspec import Struct

from application.operator_error import OperatorError
from domain.case.event import Event
from domain.case.events import DisputeEvent
from domain.roles import Role

EVENTS: Mapping[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(DisputeEvent)
}

IMPORTABLE = tuple(
    name
    for name in EVENTS
    if name not in {"corrected", "import-withdrawn", "subject-erased"}
)
"""What can be imported; an erasure is true only where a key was destroyed."""

Columns = str | tuple[str, ...]
"""A column's name, or its names in several layouts of the source."""

ITEM = "item"
"""Names what an event or a field is repeated for: `item`, or `item.key` of a table."""


class MappingError(OperatorError):
    """A mapping is wrong, or does not fit the file; the message names every mistake."""


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a mapping file; an unknown key in it is a mistake."""


class CurrencyColumn(Strict, frozen=True, kw_only=True):
    """The column that says the currency of an amount, and what translates it."""

    column: Columns
    codes: str | None = None
    default: str | None = None


class Each(Strict, frozen=True, kw_only=True):
    """What an event or the value of a field is repeated for.

    `column` holds a list, or a text that `split` parts: its items are read as `item`,
    or as `item.key` where they are tables. `groups` are groups of columns: each names
    what the columns of one item are called in the rule. An item whose cells are all
    empty is none.
    """

    column: Columns | None = None
    split: str | None = None
    groups: tuple[Mapping[str, str], ...] = ()


class FieldRule(Strict, frozen=True, kw_only=True):
    """Where a field's value comes from.

    `value` is the value itself; `column` is the column to read it from, and `absent`
    are values there that mean that the source does not say. `codes` is the table that
    translates it, and `take` picks one of several codes of an entry. A value without an
    entry becomes `default`; without a default, the row is rejected. `money` is the
    currency of a decimal amount, or the column that has it. `format` is the form of a
    time, or several; `split` parts a text into a list; `each` with `fields` makes a
    list of tables.
    """

    value: Any = None
    column: Columns | None = None
    absent: tuple[str, ...] = ()
    codes: str | None = None
    take: str | None = None
    default: str | None = None
    money: str | CurrencyColumn | None = None
    format: str | tuple[str, ...] | None = None
    split: str | None = None
    each: Each | None = None
    fields: Mapping[str, FieldRule] = {}


class TimeRule(Strict, frozen=True, kw_only=True):
    """When an event happened: a column and the form of its times, in the file's zone.

    `not_before`: the source does not say; the column has the last time before the
    event. `fallback` is read where the column is empty.
    """

    column: Columns
    format: str | tuple[str, ...] = "iso"
    not_before: bool = False
    fallback: TimeRule | None = None

    @property
    def formats(self) -> tuple[str, ...]:
        """Return the forms of times, in the order in which they are tried."""
        return (self.format,) if isinstance(self.format, str) else self.format


class Condition(Strict, frozen=True, kw_only=True):
    """A condition on a column's value; what is said of it has to hold altogether."""

    column: Columns
    among: tuple[str, ...] = ()
    not_among: tuple[str, ...] = ()
    empty: bool = False
    present: bool = False


class EventRule(Strict, frozen=True, kw_only=True):
    """An event that a row may state. `key` is the column of its id in the source.

    `file` is the column with the name of a file of evidence, beside the table.
    """

    type: str
    actor: Role
    at: TimeRule
    when: tuple[Condition, ...] = ()
    each: Each | None = None
    key: Columns | None = None
    file: Columns | None = None
    fields: Mapping[str, FieldRule] = {}


class Rows(StrEnum):
    """What a row of the source is.

    CASES: a case as it stands, whole. EVENTS: one or some events of a case, whose
    other rows may be anywhere in the source.
    """

    CASES = "cases"
    EVENTS = "events"


class Contradiction(StrEnum):
    """What is done with a row that says something else than the record.

    CORRECT: what can be corrected is, by an event that keeps both values.
    """

    REJECT = "reject"
    CORRECT = "correct"


class Format(StrEnum):
    """What a file of a source is. LINES: any text, a row with its `line` for each."""

    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    JSON_LINES = "jsonl"
    PARQUET = "parquet"
    WORKBOOK = "xlsx"
    LINES = "lines"


class TableSource(Strict, frozen=True, kw_only=True):
    """The files of one table: names or patterns (`*.csv`), and how they are read.

    The format follows from the end of a name, unless it is said; `sheet` is the name
    of a workbook's sheet, of which the first is read else.
    """

    files: str | tuple[str, ...] = ()
    format: Format | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


class SourceRule(TableSource, frozen=True, kw_only=True):
    """Where rows come from: files of one shape, or a query over tables of files.

    `sql` is one SELECT; the table of `files` is called `source` there, those of
    `tables` by their names. `evidence` is the folder or zip archive with the files that
    rows name.
    """

    sql: str | None = None
    evidence: str | None = None
    tables: Mapping[str, TableSource] = {}


class FileMapping(Strict, frozen=True, kw_only=True):
    """How one kind of file is read. `id` is the column that identifies a record.

    `decimal` and `grouping` are how the source writes numbers.
    """

    system: str
    id: Columns
    zone: str
    rows: Rows = Rows.CASES
    on_contradiction: Contradiction = Contradiction.REJECT
    events: tuple[EventRule, ...] = ()
    facts: tuple[EventRule, ...] = ()
    platform: str | None = None
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    decimal: str = "."
    grouping: str = ""
    codes: Mapping[str, Mapping[str, Any]] = {}
    extra: Mapping[str, FieldRule] = {}
    source: SourceRule = SourceRule()

    @property
    def of_platform(self) -> str:
        """Return the platform that the imported cases are on."""
        return self.platform or self.system

    @property
    def told(self) -> tuple[EventRule, ...]:
        """Return the events that a row may state, by either name."""
        return self.events or self.facts

    @property
    def name_of_events(self) -> str:
        """Return by which name the mapping lists its events."""
        return "facts" if self.facts and not self.events else "events"


def rules_within(rules: Mapping[str, FieldRule]) -> Iterator[FieldRule]:
    """Yield rules of fields, and those inside of them."""
    for rule in rules.values():
        yield rule
        yield from rules_within(rule.fields)
