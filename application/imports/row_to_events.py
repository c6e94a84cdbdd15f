"""Makes the events that a row tells, and nothing the source does not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from application.decode_errors import shape_words
from application.imports.cells import BadRow, Cells
from application.imports.field_values import FieldValues, in_one_form, struct_of
from application.imports.mapping import EVENTS, EventRule, FileMapping, TimeRule
from application.imports.named_columns import columns_of
from application.imports.source.evidence_source import UNKNOWN, EvidenceSource
from application.imports.source.source_row import Row
from application.imports.time_formats import Moment
from application.record.envelope import Precision
from domain.case.coded_fields import value_faults
from domain.case.events import DisputeEvent
from domain.policy.codes import Codes
from domain.roles import Role

NUMBERED = frozenset(
    {
        "enforcement-ordered",
        "evidence-requested",
        "evidence-submitted",
        "inquiry-sent",
        "legal-hold-placed",
        "message-posted",
        "offer-made",
        "sanction-imposed",
    }
)
"""Events that have a number of their own in the case; without one in the source, they
are counted in order."""

EVIDENCE = "evidence-submitted"
OF_FILES = frozenset({"media_type", "missing", "sealed", "sha256", "size"})
"""What a file of evidence says of itself."""

UNNUMBERED = 2**31 - 1
"""Stands for a number until the events of the case are in order."""


class ToldEvent(Struct, frozen=True):
    """An event as a row tells it, before it has a place in its case.

    `key` is its id in the source; `counted`: its number follows from its place. `file`
    is the name of its file beside the table.
    """

    event: DisputeEvent
    role: Role
    moment: Moment
    line: int
    key: str | None = None
    counted: bool = False
    file: str | None = None

    @property
    def type(self) -> str:
        """Return the kind of the event."""
        return str(type(self.event).__struct_config__.tag)


class RowToEvents:
    """Makes the events that the rows of one source tell."""

    def __init__(
        self,
        mapping: FileMapping,
        header: tuple[str, ...],
        codes: Codes,
        files: EvidenceSource | None = None,
    ) -> None:
        self._mapping = mapping
        self._codes = codes
        self._places = columns_of(mapping, header)
        self._values = FieldValues(mapping)
        self._files = files

    def record(self, row: Row) -> str:
        """Return the record's id. Raises BadRow if it has none, or the row is bad."""
        if row.wrong is not None:
            raise BadRow(row.wrong)
        cells = Cells(self._places, row)
        if isinstance(cells.value(self._mapping.id), bool):
            raise BadRow(f"{self._mapping.id}: is no id, but true or false")
        record = cells.text(self._mapping.id)
        if not record:
            raise BadRow(f"{self._mapping.id}: there is no id")
        return in_one_form(str(self._mapping.id), record)

    def free_fields(self, row: Row) -> dict[str, str] | None:
        """Return the free fields that the mapping keeps with a case. Raises BadRow."""
        if not self._mapping.extra:
            return None
        found = self._values.fields(self._mapping.extra, Cells(self._places, row))
        return {name: in_one_form(name, value) for name, value in found.items()} or None

    def events(self, row: Row) -> tuple[ToldEvent, ...]:
        """Return the events that a row tells, as the mapping lists them.

        Raises BadRow.
        """
        cells = Cells(self._places, row)
        return tuple(
            self._event(rule, item, row)
            for rule in self._mapping.told
            for item in _items(rule, cells)
        )

    def _event(self, rule: EventRule, cells: Cells, row: Row) -> ToldEvent:
        kind = EVENTS[rule.type]
        fields: dict[str, Any] = self._values.fields(rule.fields, cells, kind)
        if rule.type == "filed":
            fields["platform"] = self._mapping.of_platform
        file = cells.text(rule.file) if rule.file is not None else ""
        if rule.type == EVIDENCE:
            fields |= self._of_file(file, fields)
        counted = rule.type in NUMBERED and "number" not in fields
        if counted:
            fields["number"] = UNNUMBERED
        try:
            event = struct_of(kind, fields)
        except msgspec.ValidationError as error:
            raise BadRow(f"{rule.type}: {shape_words(str(error))}") from None
        for said in value_faults(event, self._codes):
            raise BadRow(f"{rule.type}: {said}")
        key = cells.text(rule.key) if rule.key is not None else None
        if key == "":
            raise BadRow(f"{rule.type}: has no id in {rule.key}")
        return ToldEvent(
            event=event,
            role=rule.actor,
            moment=self._moment(rule.at, cells),
            line=row.line,
            key=key,
            counted=counted,
            file=file if getattr(event, "missing", True) is False else None,
        )

    def _of_file(self, name: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a file of evidence says of itself. Raises BadRow.

        Of a file that is not there stays its name, and what the source said of it.
        """
        named = {"name": PurePosixPath(name.replace("\\", "/")).name} if name else {}
        found = self._files.found(name) if self._files and name else None
        if found is None:
            unknown = {"sha256": "", "size": 0, "media_type": UNKNOWN}
            return {**unknown, **named, **said, "missing": True}
        return {**named, **said, **asdict(found)}

    def _moment(self, rule: TimeRule, cells: Cells) -> Moment:
        cell = cells.text(rule.column)
        if not cell and rule.fallback is not None:
            return self._moment(rule.fallback, cells)
        moment = self._values.moment("at", cell, rule.formats)
        if rule.not_before:
            return Moment(moment.at, Precision.NOT_BEFORE)
        return moment


def _items(rule: EventRule, cells: Cells) -> Iterator[Cells]:
    """Yield the cells of each item for which the row states the event."""
    for one in (cells,) if rule.each is None else cells.each(rule.each):
        if all(one.holds(condition) for condition in rule.when):
            yield one
