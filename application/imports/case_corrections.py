"""Makes a correction of what a newer export tells otherwise than it is recorded.

Both values are kept: the event stays as it was recorded, and `corrected` says what the
source states now. Later exports are compared with what is stated, not with what was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from application.imports.row_to_events import ToldEvent
from application.imports.time_formats import Moment
from application.record.envelope import Precision, Recorded
from domain.imports.correctable import CORRECTABLE, EXTRA
from domain.imports.events import Corrected, Correction
from domain.money import Money
from domain.roles import Role


def as_stated(known: Sequence[Recorded]) -> list[Recorded]:
    """Return the events of a case as its source states them by now."""
    events = {one.version: one for one in known}
    for one in known:
        if isinstance(one.event, Corrected):
            del events[one.version]
            corrects = one.event.corrects
            events[corrects] = _restated(events[corrects], one.event)
    return list(events.values())


def correction(
    told: ToldEvent, recorded: Recorded, fields: Sequence[str], learnt: datetime
) -> ToldEvent | None:
    """Return the correction of an event; None: it cannot be corrected in all fields.

    `fields` are those that are told otherwise than they are `recorded`.
    """
    pairs = dict(_pairs(told, recorded, fields))
    if not pairs.keys() <= CORRECTABLE.get(told.type, frozenset()):
        return None
    corrected = Corrected(
        corrects=recorded.version,
        kind=told.type,
        corrections=tuple(
            Correction(field=name, recorded=before, stated=now)
            for name, (before, now) in pairs.items()
        ),
    )
    # It is known since it is read: the time that it states lies in it.
    moment = Moment(learnt, Precision.SECOND)
    return ToldEvent(corrected, Role.PLATFORM, moment, told.line)


def extra_correction(
    known: Recorded, told: Mapping[str, str], line: int, learnt: datetime
) -> ToldEvent | None:
    """Return the correction of a case's free fields; None: they are as recorded.

    `known` is the filing, as its source has stated it by now.
    """
    before = (known.imported.extra if known.imported else None) or {}
    names = sorted(before.keys() | told.keys())
    changed = [name for name in names if before.get(name) != told.get(name)]
    if not changed:
        return None
    corrected = Corrected(
        corrects=known.version,
        kind="filed",
        corrections=tuple(
            Correction(
                field=f"{EXTRA}{name}",
                recorded=before.get(name),
                stated=told.get(name),
            )
            for name in changed
        ),
    )
    moment = Moment(learnt, Precision.SECOND)
    return ToldEvent(corrected, Role.PLATFORM, moment, line)


def _pairs(
    told: ToldEvent, recorded: Recorded, fields: Sequence[str]
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Yield each value that differs, as it is recorded and as it is told now."""
    for name in fields:
        if name in {"at", "precision"}:
            # Either says nothing without the other.
            exact = recorded.imported.precision if recorded.imported else None
            yield "at", (_text(recorded.at), _text(told.moment.at))
            yield "precision", (_text(exact), _text(told.moment.precision))
            continue
        before, now = (getattr(one.event, name, None) for one in (recorded, told))
        if _has_parts(before) or _has_parts(now):
            yield from _parts(name, before, now)
        else:
            yield name, (_text(before), _text(now))


def _has_parts(value: Any) -> bool:
    return isinstance(value, msgspec.Struct) and not isinstance(value, Money)


def _parts(name: str, before: Any, now: Any) -> Iterator[tuple[str, tuple[Any, Any]]]:
    whole = now if before is None else before
    for part in whole.__struct_fields__:
        pair = tuple(_text(getattr(one, part, None)) for one in (before, now))
        if pair[0] != pair[1]:
            yield f"{name}.{part}", (pair[0], pair[1])


def _text(value: Any) -> str | Money | None:
    if value is None or isinstance(value, Money):
        return value
    plain = msgspec.to_builtins(value)
    return plain if isinstance(plain, str) else msgspec.json.encode(value).decode()


def _restated(recorded: Recorded, event: Corrected) -> Recorded:
    """Return an event with what a correction states in place of what it said."""
    stated = {one.field: one.stated for one in event.corrections}
    plain: dict[str, Any] = msgspec.to_builtins(recorded.event)
    imported = recorded.imported
    extra = dict((imported.extra if imported else None) or {})
    for name, value in stated.items():
        if name.startswith(EXTRA):
            extra.pop(name.removeprefix(EXTRA), None)
            if isinstance(value, str):
                extra[name.removeprefix(EXTRA)] = value
        elif name not in {"at", "precision"}:
            _set(plain, name.split("."), msgspec.to_builtins(value))
    event_type = type(recorded.event)
    changed: dict[str, Any] = {"event": msgspec.convert(plain, event_type)}
    if imported is not None:
        imported = replace(imported, extra=extra or None)
        if "at" in stated:
            precision = Precision(str(stated["precision"]))
            imported = replace(imported, precision=precision)
            changed["at"] = datetime.fromisoformat(str(stated["at"]))
        changed["imported"] = imported
    return replace(recorded, **changed)


def _set(plain: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set a value in a table; a table that loses its kind is gone."""
    name, *inner = path
    if not inner:
        plain[name] = value
        return
    part = dict(plain.get(name) or {})
    _set(part, inner, value)
    plain[name] = part if part.get("kind") is not None else None
