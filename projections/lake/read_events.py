"""Events as they are read from a lake: without texts, under its pseudonyms.

What is folded from them does not ask for texts: where a field must be there, an empty
one stands for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from application.exports.impersonal_events import EVENT_KINDS
from application.record.envelope import Imported, Precision, Recorded
from domain.case.events import DisputeEvent
from domain.personal import is_personal
from domain.roles import Actor
from projections.figures.case_figures import HOME_ZONE

COLUMNS = (
    *("history", "version", "position", "type", "at", "recorded_at", "precision"),
    *("actor_role", "actor", "on_behalf_of", "policy", "system", "zone", "payload"),
)
"""Columns of the lake's table of events that an event is read from."""

_KINDS = {str(kind.__struct_config__.tag): kind for kind in EVENT_KINDS}
_NO_COMMAND = UUID(int=0)


def read_event(row: Mapping[str, Any]) -> Recorded:
    """Return the event of a row. Raises ValueError for what is no event."""
    payload = msgspec.json.decode(row["payload"])
    return Recorded(
        case=UUID(row["history"]),
        version=row["version"],
        at=row["at"],
        recorded_at=row["recorded_at"],
        actor=msgspec.convert(
            {
                "role": row["actor_role"],
                "id": row["actor"],
                "on_behalf_of": row["on_behalf_of"],
            },
            Actor,
        ),
        command_id=_NO_COMMAND,
        policy=row["policy"],
        imported=_imported(row),
        event=msgspec.convert(_filled(_KINDS[row["type"]], payload), _Events),
    )


_Events: Any = DisputeEvent


def _imported(row: Mapping[str, Any]) -> Imported | None:
    if row["system"] is None:
        return None
    return Imported(
        system=row["system"],
        record="",
        # Lakes of earlier versions do not say it.
        zone=row["zone"] or HOME_ZONE,
        precision=Precision(row["precision"] or Precision.SECOND),
    )


def _filled(kind: type[Struct], data: dict[str, Any]) -> dict[str, Any]:
    """Give a record the texts that it must have, and those in it."""
    empty, below = _lacking(kind)
    whole: dict[str, Any] = {**empty, **data}
    for name, of in below.items():
        if name in data:
            whole[name] = _below(of, data[name])
    return whole


def _below(kinds: tuple[type[Struct], ...], value: Any) -> Any:
    if isinstance(value, list):
        return [_below(kinds, one) for one in value]
    if not isinstance(value, dict):
        return value
    # Of several kinds each has a tag; a plain field of that name is none.
    for kind in kinds:
        tag = kind.__struct_config__
        if len(kinds) == 1 or value.get(str(tag.tag_field)) == tag.tag:
            return _filled(kind, value)
    return value


@cache
def _lacking(
    kind: type[Struct],
) -> tuple[Mapping[str, str], Mapping[str, tuple[type[Struct], ...]]]:
    """Return the texts that a kind must have, and its fields that hold records."""
    hints = get_type_hints(kind, include_extras=True)
    empty, below = {}, {}
    for field in structs.fields(kind):
        hint = hints[field.name]
        if is_personal(hint):
            if field.required:
                empty[field.name] = ""
        elif records := tuple(one for one in _parts(hint) if _is_record(one)):
            below[field.name] = records
    return empty, below


def _parts(hint: Any) -> list[Any]:
    return [hint, *(part for one in get_args(hint) for part in _parts(one))]


def _is_record(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, Struct)
