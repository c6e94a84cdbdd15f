"""What a source tells of a case that the record does not have yet.

A case that was imported before is compared by what is recorded, not by its id alone: a
newer export adds what has happened since, and a row that says something else than the
record is named, and changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec

from application.imports.case_corrections import as_stated, correction, extra_correction
from application.imports.cells import BadRow
from application.imports.event_differences import (
    came_later,
    differences,
    is_told_of,
    same_evidence,
)
from application.imports.mapping import Rows
from application.imports.row_to_events import EVIDENCE, ToldEvent
from application.record.envelope import Recorded, topic
from domain.imports.events import ImportWithdrawn

_ONCE = "filed"


def key_of(case: UUID, told: ToldEvent) -> UUID:
    """Return the id of an event that has an id in the source."""
    return uuid5(case, f"import/{told.type}/{told.key}")


def news(
    case: UUID,
    known: Sequence[Recorded],
    told: Sequence[ToldEvent],
    rows: Rows,
    corrected_at: datetime | None = None,
    extra: Mapping[str, str] | None = None,
) -> list[ToldEvent]:
    """Return the events that the record does not have.

    `known` are the case's recorded events with their texts in clear; `extra` are its
    free fields as they are told, None where the source has none. What is told
    otherwise now is corrected, if `corrected_at` says when it is learnt. Raises BadRow
    if it is not, or cannot be, or if nothing says how the case was filed.
    """
    imported = as_stated([one for one in known if one.imported is not None])
    told = once(told) if rows is Rows.EVENTS else told
    if aside := next((one for one in known if _is_aside(one)), None):
        raise BadRow(f"the case was set aside on {aside.at:%Y-%m-%d}, with its import")
    fresh = _new(case, imported, told, rows, corrected_at)
    fresh += _new_extra(imported, told, extra, corrected_at)
    if not known and not any(one.type == _ONCE for one in fresh):
        raise BadRow("the case has no filing here, and none is recorded")
    if sum(one.type == _ONCE for one in told) > 1:
        raise BadRow("the case is filed twice")
    return fresh


def once(told: Sequence[ToldEvent]) -> list[ToldEvent]:
    """Leave out events that say the same as one before: nothing tells them apart."""
    found: dict[Any, ToldEvent] = {}
    for one in told:
        found.setdefault(
            (one.key, one.type, one.moment, one.role, msgspec.json.encode(one.event)),
            one,
        )
    return list(found.values())


def _is_aside(recorded: Recorded) -> bool:
    return isinstance(recorded.event, ImportWithdrawn)


def _new_extra(
    known: Sequence[Recorded],
    told: Sequence[ToldEvent],
    extra: Mapping[str, str] | None,
    corrected_at: datetime | None,
) -> list[ToldEvent]:
    """Compare the free fields of a case, where its filing is told again."""
    filed = next((one for one in known if topic(one.event) == _ONCE), None)
    again = next((one for one in told if one.type == _ONCE), None)
    if filed is None or again is None or extra is None:
        return []
    learnt = corrected_at or filed.recorded_at
    corrected = extra_correction(filed, extra, again.line, learnt)
    if corrected is None:
        return []
    if corrected_at is None:
        before = (filed.imported.extra if filed.imported else None) or {}
        names = ", ".join(
            f"extra.{name}"
            for name in sorted(before.keys() | extra.keys())
            if before.get(name) != extra.get(name)
        )
        raise BadRow(f"contradicts the record: filed (version 1) has another {names}")
    return [corrected]


def _new(
    case: UUID,
    known: Sequence[Recorded],
    told: Sequence[ToldEvent],
    rows: Rows,
    corrected_at: datetime | None,
) -> list[ToldEvent]:
    keyed = {one.command_id: one for one in known}
    fresh: list[ToldEvent] = []
    unkeyed = []
    for one in told:
        if one.key is None:
            unkeyed.append(one)
        elif recorded := keyed.get(key_of(case, one)):
            fresh += _otherwise(one, recorded, corrected_at)
        else:
            fresh.append(one)
    if rows is Rows.CASES:
        return fresh + _new_of_case(known, unkeyed, corrected_at)
    return fresh + _new_of_events(known, unkeyed, corrected_at)


def _new_of_case(
    known: Sequence[Recorded],
    told: Sequence[ToldEvent],
    corrected_at: datetime | None,
) -> list[ToldEvent]:
    """Compare a case as a row tells it: the n-th event of a kind is the n-th one."""
    recorded = _by_kind(known)
    fresh: list[ToldEvent] = []
    for one in told:
        same_kind = recorded[one.type]
        if one.type == EVIDENCE and (it := same_evidence(one, same_kind)):
            same_kind.remove(it)
        elif same_kind and not came_later(one, same_kind[0]):
            fresh += _otherwise(one, same_kind.pop(0), corrected_at)
        else:
            fresh.append(one)
    # A piece whose file came later is there twice: without it, and with it.
    left = [
        kind
        for kind, events in recorded.items()
        if any(not is_told_of(one, told) for one in events)
    ]
    # A row that tells the filing tells the whole case; another one brings news of it.
    if left and any(one.type == _ONCE for one in told):
        raise BadRow(f"contradicts the record, which has {', '.join(sorted(left))}")
    return fresh


def _new_of_events(
    known: Sequence[Recorded],
    told: Sequence[ToldEvent],
    corrected_at: datetime | None,
) -> list[ToldEvent]:
    """Compare events that have no ids: one is there if the record has it as it is."""
    recorded = _by_kind(known)
    fresh: list[ToldEvent] = []
    for one in told:
        same_kind = recorded[one.type]
        alike = [it for it in same_kind if not differences(one, it)]
        if any(not came_later(one, it) for it in alike):
            continue
        if one.type == _ONCE and same_kind:
            fresh += _otherwise(one, same_kind[0], corrected_at)
        else:
            fresh.append(one)
    return fresh


def _by_kind(known: Iterable[Recorded]) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = defaultdict(list)
    for one in known:
        found[topic(one.event)].append(one)
    return found


def _otherwise(
    told: ToldEvent, recorded: Recorded, corrected_at: datetime | None
) -> list[ToldEvent]:
    """Return the correction of an event that is told otherwise than it is recorded.

    Raises BadRow if it is not to be corrected, or cannot be.
    """
    found = differences(told, recorded)
    if not found:
        return []
    if corrected_at is not None:
        corrected = correction(told, recorded, found, corrected_at)
        if corrected is not None:
            return [corrected]
    where = ", ".join(found)
    place = f"version {recorded.version}"
    said = f"contradicts the record: {told.type} ({place}) has another {where}"
    if corrected_at is not None:
        said += ", which cannot be corrected"
    raise BadRow(said)
