"""Makes events of a row: those that it states, and nothing the source does not say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid5
from zoneinfo import ZoneInfo

import msgspec

from application.decode_errors import shape_words
from application.imports.csv_reader import Row, columns_of
from application.imports.mapping import (
    EVENTS,
    Condition,
    EventRule,
    FieldRule,
    FileMapping,
    TimeRule,
)
from application.record.envelope import Imported, Precision, Recorded
from application.record.storable_values import MOST_NAME_BYTES
from application.texts import say
from domain import money
from domain.case.events import DisputeEvent
from domain.filing.events import Filed
from domain.identity import imported_key
from domain.names import BadName, visible_text
from domain.roles import Actor, Role

NAMES = frozenset(
    {
        "addressee",
        "approved_by",
        "buyer",
        "decided_by",
        "line",
        "mediator",
        "model",
        "order",
        "platform",
        "recipient",
        "seller",
        "subject",
    }
)
"""Fields that name a person, a platform or an order line, and are compared with names
from elsewhere."""


class BadRow(Exception):
    """A row does not state what the mapping needs; the message says what is wrong."""


class RowToEvents:
    """Makes recorded events of the rows of one file."""

    def __init__(self, mapping: FileMapping, header: tuple[str, ...]) -> None:
        self._mapping = mapping
        self._places = columns_of(mapping, header)
        self._zone = ZoneInfo(mapping.zone)

    def record(self, row: Row) -> str:
        """Return the record's id. Raises BadRow if it has none, or the row is bad."""
        if row.wrong is not None:
            raise BadRow(row.wrong)
        record = row.cells[self._places[self._mapping.id]].strip()
        if not record:
            raise BadRow(f"{self._mapping.id}: there is no id")
        return _in_one_form(str(self._mapping.id), record)

    def events(self, row: Row, learnt: datetime) -> tuple[Recorded, ...]:
        """Return the recorded events that a row states, in order. Raises BadRow."""
        record = self.record(row)
        case = imported_key(self._mapping.system, record)
        filed: Filed | None = None
        made: list[Recorded] = []
        for rule in self._stated(row):
            event = self._event(rule, row)
            filed = event if isinstance(event, Filed) else filed
            at, precision = self._time(rule.at, row)
            # Versions follow the mapping's order. A source that contradicts it is not
            # put in order by guessing which of its times is wrong.
            if made and at < made[-1].at:
                raise BadRow(f"{rule.type} at {at} lies before what came before it")
            made.append(
                Recorded(
                    case=case,
                    version=len(made) + 1,
                    at=at,
                    recorded_at=learnt,
                    actor=Actor(role=rule.actor, id=_person(rule.actor, filed)),
                    command_id=uuid5(case, f"import/{len(made) + 1}"),
                    imported=Imported(
                        system=self._mapping.system,
                        record=record,
                        zone=self._mapping.zone,
                        precision=precision,
                    ),
                    event=event,
                )
            )
        return tuple(made)

    def _stated(self, row: Row) -> Iterator[EventRule]:
        for rule in self._mapping.facts:
            if all(self._holds(condition, row) for condition in rule.when):
                yield rule

    def _holds(self, condition: Condition, row: Row) -> bool:
        cell = self._cell(condition.column, row)
        if condition.among and cell not in condition.among:
            return False
        return cell not in condition.not_among

    def _event(self, rule: EventRule, row: Row) -> DisputeEvent:
        fields: dict[str, Any] = {}
        for name, how in rule.fields.items():
            value = self._value(name, how, row)
            if value is not None:
                _put(fields, name, value)
        if rule.type == "filed":
            fields["platform"] = self._mapping.of_platform
        for name in NAMES & fields.keys():
            fields[name] = _in_one_form(name, fields[name])
        try:
            event: DisputeEvent = msgspec.convert(  # type: ignore[assignment]
                fields | {"type": rule.type}, EVENTS[rule.type], strict=False
            )
        except msgspec.ValidationError as error:
            raise BadRow(f"{rule.type}: {shape_words(str(error))}") from None
        return event

    def _value(self, name: str, how: FieldRule, row: Row) -> Any:
        if how.column is None:
            return how.value
        cell = self._cell(how.column, row)
        if not cell or cell in how.absent:
            return how.default
        if how.codes is not None:
            return self._code(name, how, cell)
        if how.money is not None:
            return _money(name, cell, how.money)
        if how.format is not None:
            return self._moment(name, cell, how.format)
        return cell

    def _code(self, name: str, how: FieldRule, cell: str) -> Any:
        table: Mapping[str, Any] = self._mapping.codes[how.codes or ""]
        if cell not in table:
            if how.default is not None:
                return how.default
            raise BadRow(f"{name}: {cell!r} is not in codes.{how.codes}")
        found = table[cell]
        return found.get(how.take) if isinstance(found, dict) else found

    def _time(self, rule: TimeRule, row: Row) -> tuple[datetime, Precision]:
        cell = self._cell(rule.column, row)
        moment = self._moment("at", cell, rule.format)
        if rule.not_before:
            return moment, Precision.NOT_BEFORE
        # A format without hours tells only the day.
        exact = "%H" in rule.format or "%I" in rule.format or "%s" in rule.format
        return moment, Precision.SECOND if exact else Precision.DAY

    def _moment(self, name: str, cell: str, form: str) -> datetime:
        try:
            local = datetime.strptime(cell, form)  # noqa: DTZ007 - the zone is next
        except ValueError:
            raise BadRow(f"{name}: {cell!r} is not a time of the form {form}") from None
        if local.tzinfo is None:
            local = local.replace(tzinfo=self._zone)
        try:
            return local.astimezone(UTC)
        except OverflowError:
            raise BadRow(f"{name}: {cell!r} lies outside the years 1-9999") from None

    def _cell(self, columns: object, row: Row) -> str:
        return row.cells[self._places[columns]].strip()


def _in_one_form(name: str, value: str) -> str:
    """Return a name as it would be written elsewhere. Raises BadRow."""
    try:
        return visible_text(str(value), MOST_NAME_BYTES)
    except BadName as error:
        raise BadRow(f"{name}: {value!r:.60} {error}") from None


def _put(fields: dict[str, Any], name: str, value: Any) -> None:
    """Set a field; with a dotted name, a field of a part."""
    first, dot, rest = name.partition(".")
    if dot:
        _put(fields.setdefault(first, {}), rest, value)
    else:
        fields[first] = value


def _money(name: str, cell: str, currency: str) -> dict[str, Any]:
    try:
        amount = money.parse(cell, currency)
    except ValueError as error:
        said = say("faults", str(error), "en", limit=f"{money.LARGEST:,}")
        raise BadRow(f"{name}: {cell!r} {said}") from None
    return {"amount": amount.amount, "currency": amount.currency}


def _person(role: Role, filed: Filed | None) -> str | None:
    """Return the buyer or seller who acted, None if the source does not name them."""
    if filed is None:
        return None
    return {Role.BUYER: filed.buyer, Role.SELLER: filed.seller}.get(role)
