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
from application.imports.mapping import Rows
from application.imports.row_to_events import OF_FILES, ToldEvent
from application.record.codec import ERASED
from application.record.envelope import Precision, Recorded, topic
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
        if same_kind:
            fresh += _otherwise(one, same_kind.pop(0), corrected_at)
        else:
            fresh.append(one)
    left = [kind for kind, events in recorded.items() if events]
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
        if any(not differences(one, it) for it in same_kind):
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


def differences(told: ToldEvent, recorded: Recorded) -> list[str]:
    """Return the fields that are told otherwise than they are recorded.

    A text that was erased is compared with nothing: nobody knows what it was. A number
    that only counts events of a kind follows from their order.
    """
    found = []
    moment = told.moment
    if recorded.at not in {moment.at, moment.other}:
        found.append("at")
    precision = recorded.imported.precision if recorded.imported else Precision.SECOND
    if moment.precision is not precision and "at" not in found:
        found.append("precision")
    if told.role is not recorded.actor.role:
        found.append("actor")
    ours, theirs = _plain(told.event), _plain(recorded.event)
    # How a file lies on the disk, its source does not tell.
    theirs.pop("sealed", None)
    ours.pop("sealed", None)
    # Nor does a folder say anything of a file that it has no more, or had not yet.
    if ours.get("missing") != theirs.get("missing"):
        for name in OF_FILES:
            ours.pop(name, None)
            theirs.pop(name, None)
    if told.counted:
        ours.pop("number", None)
        theirs.pop("number", None)
    return found + [
        name
        for name in sorted(ours.keys() | theirs.keys())
        if not _alike(ours.get(name), theirs.get(name))
    ]


def _plain(event: Any) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(event)
    return plain


def _alike(told: Any, recorded: Any) -> bool:
    if recorded in (told, ERASED):
        return True
    if isinstance(told, Mapping) and isinstance(recorded, Mapping):
        names = told.keys() | recorded.keys()
        return all(_alike(told.get(name), recorded.get(name)) for name in names)
    if isinstance(told, list | tuple) and isinstance(recorded, list | tuple):
        pairs = zip(told, recorded, strict=False)
        return len(told) == len(recorded) and all(_alike(*pair) for pair in pairs)
    return False
