"""Events without their personal fields: decoded straight from what is stored.

Each event's type has a twin that lacks what is marked as personal. Decoding the stored
bytes into a twin skips those fields, sealed or not, at the decoder's own speed; nothing
of them ever becomes an object. Identifiers are replaced by pseudonyms in place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, reduce
from operator import or_
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from application.record.envelope import Imported
from domain.case.events import DisputeEvent
from domain.field_marks import is_marked
from domain.identifiers import Identifying
from domain.personal import is_personal
from domain.roles import Actor

LEFT_OUT = frozenset(
    {
        ("OrderSnapshot", "title"),
        ("OrderSnapshot", "picture"),
        ("Attachment", "sealed"),
        ("EvidenceSubmitted", "sealed"),
    }
)
"""Not personal, but they tell whose order it is, or where a file lies."""

Change = Callable[[str], str]
_Setter = Callable[[Any, Change], None]


def twin(kind: type[Struct]) -> type[Struct]:
    """Return the type of the records of a kind without what is personal in them."""
    return _twin(kind)


@cache
def _twin(kind: type[Struct]) -> type[Struct]:
    config = kind.__struct_config__
    fields: list[Any] = []
    hints = get_type_hints(kind, include_extras=True)
    for field in structs.fields(kind):
        hint = hints[field.name]
        if is_personal(hint) or (kind.__name__, field.name) in LEFT_OUT:
            continue
        of = _twin_hint(hint)
        if field.default is not msgspec.NODEFAULT:
            fields.append((field.name, of, field.default))
        elif field.default_factory is not msgspec.NODEFAULT:
            made = msgspec.field(default_factory=field.default_factory)
            fields.append((field.name, of, made))
        else:
            fields.append((field.name, of))
    return msgspec.defstruct(
        kind.__name__,
        fields,
        kw_only=True,
        omit_defaults=True,
        gc=False,
        tag=config.tag,
        tag_field=config.tag_field,
        module=__name__,
    )


def _twin_hint(hint: Any) -> Any:
    """Return a type hint in which every record is its twin."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        return _twin(hint)
    parts = get_args(hint)
    if not parts:
        return hint
    if is_marked(hint, Identifying) and get_origin(hint) not in {Union, UnionType}:
        return parts[0]
    made = tuple(_twin_hint(one) for one in parts if one is not NoneType)
    if get_origin(hint) in {Union, UnionType}:
        optional = made if len(made) == len(parts) else (*made, None)
        return reduce(or_, optional)
    return get_origin(hint)[made]


EVENT_KINDS: tuple[type[Struct], ...] = get_args(DisputeEvent)
EVENT_TWINS: dict[str, type[Struct]] = {
    str(kind.__struct_config__.tag): _twin(kind) for kind in EVENT_KINDS
}
"""The twins of all events, by the names under which events are stored."""


class ImpersonalRecorded(Struct, kw_only=True, omit_defaults=True, gc=False):
    """A recorded event of a case as it may leave: see `Recorded` for its fields."""

    case: UUID
    version: int
    at: datetime
    recorded_at: datetime
    actor: Any
    policy: str | None = None
    rules: str | None = None
    imported: Imported | None = None
    event: Any


_Stored = msgspec.defstruct(
    "_Stored",
    [
        ("actor", _twin(Actor)),
        ("event", reduce(or_, EVENT_TWINS.values())),
    ],
    bases=(ImpersonalRecorded,),
    kw_only=True,
)
_decode = msgspec.json.Decoder(_Stored).decode


def decode_impersonal(state: bytes, pseudonym: Change) -> ImpersonalRecorded:
    """Return a stored event of a case without texts, under pseudonyms.

    Raises what decoding raises.
    """
    recorded: Any = _decode(state)
    for record in (recorded.actor, recorded.event):
        for change in _setters(record.__class__):
            change(record, pseudonym)
    found: ImpersonalRecorded = recorded
    return found


@cache
def _setters(made: type[Struct]) -> tuple[_Setter, ...]:
    """Return what replaces the identifiers in a twin, in place."""
    return tuple(_changes(_originals()[made]))


@cache
def _originals() -> dict[type[Struct], type[Struct]]:
    kinds: list[type[Struct]] = [*EVENT_KINDS, Actor]
    for kind in kinds:
        kinds += [one for one in _records_in(kind) if one not in kinds]
    return {_twin(kind): kind for kind in kinds}


def _records_in(kind: type[Struct]) -> list[type[Struct]]:
    found: list[type[Struct]] = []
    for name, hint in get_type_hints(kind).items():
        if name in kind.__struct_fields__:
            found += [one for one in _all_parts(hint) if _is_record(one)]
    return found


def _all_parts(hint: Any) -> list[Any]:
    return [hint, *(part for one in get_args(hint) for part in _all_parts(one))]


def _is_record(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, Struct)


def _changes(kind: type[Struct]) -> list[_Setter]:
    found: list[_Setter] = []
    kept = _twin(kind).__struct_fields__
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if name not in kept:
            continue
        if is_marked(hint, Identifying):
            found.append(_named(name))
        elif any(_changes(one) for one in _all_parts(hint) if _is_record(one)):
            found.append(_below(name))
    return found


def _named(name: str) -> _Setter:
    def change(record: Any, pseudonym: Change) -> None:
        value = getattr(record, name)
        if value is not None:
            setattr(record, name, pseudonym(value))

    return change


def _below(name: str) -> _Setter:
    def change(record: Any, pseudonym: Change) -> None:
        value = getattr(record, name)
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None:
                for each in _setters(one.__class__):
                    each(one, pseudonym)

    return change
