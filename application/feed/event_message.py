"""The message by which anybody outside is told of a recorded event.

It holds codes, amounts, times and pseudonyms. What may be personal is left out, sealed
or not: whoever needs a text reads the case, with rights of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from psycopg import Connection

from application.record.envelope import Recorded, decode, topic
from application.record.plain_values import plain
from domain.case_number import case_number
from domain.filing.events import Filed
from domain.personal import map_personal
from domain.roles import Actor

LEFT_OUT = "\x00"
"""Stands for a personal text until it is left out; no text of an event is this."""


class EventMessage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happened to a case, without any personal text.

    `type`: the event's name, such as "ruled". `position`: its place in the order of all
    events, from which a receiver catches up. `version`: its number in the case. `at`:
    when it happened; `recorded_at`: when it was learnt (both UTC). `request`: the id of
    the request that led to it. `imported`: the other system that tells of it. `event`:
    its fields. `href`: where the case is read.
    """

    type: str
    position: int
    dispute: UUID
    case_number: str
    platform: str
    version: int
    at: datetime
    recorded_at: datetime
    actor: Actor
    request: str | None = None
    imported: str | None = None
    event: Mapping[str, Any]
    href: str


class FiledCase(Struct, frozen=True):
    """What every message of a case repeats of its filing."""

    number: str
    platform: str


def event_message(position: int, recorded: Recorded, case: FiledCase) -> EventMessage:
    """Return the message of one recorded event."""
    return EventMessage(
        type=topic(recorded.event),
        position=position,
        dispute=recorded.case,
        case_number=case.number,
        platform=case.platform,
        version=recorded.version,
        at=recorded.at,
        recorded_at=recorded.recorded_at,
        actor=recorded.actor,
        request=recorded.request,
        imported=recorded.imported.system if recorded.imported else None,
        event=impersonal(recorded),
        href=f"/v1/disputes/{recorded.case}",
    )


def impersonal(recorded: Recorded) -> dict[str, Any]:
    """Return an event's fields without those that may hold personal data."""
    marked = map_personal(recorded.event, lambda *_: LEFT_OUT)
    fields: dict[str, Any] = _without_marked(plain(marked))
    # The message itself says the type.
    fields.pop("type", None)
    return fields


def filed_cases(
    connection: Connection[Any], cases: Iterable[UUID]
) -> dict[UUID, FiledCase]:
    """Return what is repeated of the filings of cases."""
    rows = connection.execute(
        "SELECT originator_id, state FROM events"
        " WHERE originator_id = ANY(%s) AND originator_version = 1",
        (list(set(cases)),),
    ).fetchall()
    found = {}
    for row in rows:
        case, state = row.values() if isinstance(row, dict) else row
        found[case] = _filed(decode(state))
    return found


def _filed(first: Recorded) -> FiledCase:
    # A case begins with its filing, also one whose history was imported.
    event = first.event
    platform = event.platform if isinstance(event, Filed) else ""
    return FiledCase(case_number(first.case, first.at), platform)


def _without_marked(value: Any) -> Any:
    match value:
        case dict():
            kept = {name: one for name, one in value.items() if one != LEFT_OUT}
            return {name: _without_marked(one) for name, one in kept.items()}
        case list():
            return [_without_marked(one) for one in value if one != LEFT_OUT]
        case _:
            return value


encode = msgspec.json.Encoder().encode
