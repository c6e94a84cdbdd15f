"""What a source tells of an event otherwise than it is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from application.imports.row_to_events import OF_FILES, ToldEvent
from application.record.codec import ERASED
from application.record.envelope import Precision, Recorded
from domain.evidence.events import EvidenceSubmitted


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


def came_later(told: ToldEvent, recorded: Recorded) -> bool:
    """Tell whether a file is told that the source had not handed over before."""
    before, now = recorded.event, told.event
    if not isinstance(before, EvidenceSubmitted):
        return False
    return isinstance(now, EvidenceSubmitted) and before.missing and not now.missing


def same_evidence(told: ToldEvent, known: Sequence[Recorded]) -> Recorded | None:
    """Return the recorded piece that is told again, with or without its file."""
    alike = [one for one in known if not differences(told, one)]
    whole = (one for one in alike if not came_later(told, one))
    # What is told without its file is the piece that has it, if one does.
    return next(
        (one for one in alike if _has_file(one) and not came_later(told, one)),
        next(whole, None),
    )


def _has_file(recorded: Recorded) -> bool:
    event = recorded.event
    return isinstance(event, EvidenceSubmitted) and not event.missing


def is_told_of(recorded: Recorded, told: Sequence[ToldEvent]) -> bool:
    """Tell whether a row tells of a piece of evidence by its file's name."""
    event = recorded.event
    return isinstance(event, EvidenceSubmitted) and any(
        isinstance(one.event, EvidenceSubmitted) and one.event.name == event.name
        for one in told
    )
