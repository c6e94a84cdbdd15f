"""The lake's table of events: the envelope, the leaf hash, and what is in the event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from types import NoneType
from typing import Annotated, Any, get_args, get_type_hints
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from application.exports.impersonal_events import EVENT_TWINS, decode_impersonal
from application.exports.pseudonyms import Pseudonyms
from application.record.envelope import Envelope, Precision, is_about_a_case, leaf
from projections.following.ledger_batch import Stored
from projections.lake.lake_row import LakeRow, told


class EventRow(LakeRow, frozen=True, kw_only=True):
    """An event of the record, in the order of all.

    See `event_columns` for the columns of its fields. Events beside cases (the access
    log's seals, rules, who asked for erasures) have their leaf and nothing else: the
    log's root cannot be computed without them.
    """

    position: Annotated[int, told("The event's place in the order of all", "from 1")]
    month: Annotated[str, told("When it was recorded", "YYYY-MM, UTC, or unknown")]
    history: Annotated[UUID, told("The case, or another history, that it is of")]
    version: Annotated[int, told("Its number in that history", "from 1")]
    type: Annotated[str, told("What happened", "event", codes="events")]
    leaf: Annotated[str, told("Its leaf in the log: SHA-256 (RFC 6962)", "hex")]
    at: Annotated[datetime | None, told("When it happened", "UTC")] = None
    recorded_at: Annotated[datetime | None, told("When it was learnt", "UTC")] = None
    precision: Annotated[
        str | None,
        told(
            "How exactly an imported source tells the time", "code", codes="precisions"
        ),
    ] = None
    actor_role: Annotated[
        str | None, told("In which role somebody acted", "code", codes="roles")
    ] = None
    actor: Annotated[str | None, told("Who acted", "pseudonym")] = None
    on_behalf_of: Annotated[
        str | None, told("For which party", "code", codes="parties")
    ] = None
    policy: Annotated[str | None, told("The policy that it was decided by")] = None
    rules: Annotated[str | None, told("The rule set: SHA-256", "base64")] = None
    system: Annotated[str | None, told("The system it was imported from")] = None
    zone: Annotated[
        str | None, told("That system's times are in", "IANA time zone")
    ] = None
    payload: Annotated[
        str | None,
        told("The event's fields without texts; money in minor units", "JSON"),
    ] = None


class EventColumn(Struct, frozen=True):
    """A typed column of the fields of events.

    `path`: where the value lies in the payload; `kind`: its Python type; `default`:
    what it is where the payload leaves it out.
    """

    name: str
    path: tuple[str, ...]
    kind: Any
    unit: str = ""
    default: Any = None


CODED: Mapping[str, str] = {
    "channel": "channels, notice-channels",
    "category": "categories",
    "reason": "reasons",
    "claim_kind": "remedies",
    "claim_freight": "parties",
    "ground": "grounds, appeal-grounds",
    "authority": "routes",
    "cause": "causes, failures, suspension-causes",
    "notice": "notices",
    "party": "parties",
    "seller_responded_position": "positions",
    # Of a draft of a ruling: who wrote it, a pseudonym.
    "by": "parties",
    "terms_kind": "remedies",
    "terms_freight": "parties",
    "trigger": "triggers",
    "kind": "evidence, inquiries, sanctions",
    "liability": "liabilities",
    "automation": "automation",
    "result": "appeal-results",
    "outcome": "outcomes",
    "claim": "claims",
    "method": "methods",
    "awaited": "awaited",
    "breach": "breaches",
}
"""The kinds of codes that typed columns hold, by the names of the columns."""

_SCALARS = (str, int, float, bool, datetime, UUID)


@cache
def event_columns() -> Mapping[str, tuple[EventColumn, ...]]:
    """Return the typed columns of each type of event, made from its fields.

    Fields of one name and kind share a column. Where another event calls another thing
    so, its column begins with its own name.
    """
    kinds: dict[str, Any] = dict.fromkeys(EventRow.__struct_fields__)
    found = {}
    for tag, kind in EVENT_TWINS.items():
        columns = []
        for column in _of_record(kind, ()):
            name = column.name
            if kinds.setdefault(name, (column.kind, column.path)) != (
                column.kind,
                column.path,
            ):
                name = f"{tag.replace('-', '_')}_{name}"
            columns.append(structs.replace(column, name=name))
        found[tag] = tuple(columns)
    return found


def _of_record(kind: type[Struct], above: tuple[str, ...]) -> Iterator[EventColumn]:
    hints = get_type_hints(kind)
    for field in structs.fields(kind):
        hint = hints[field.name]
        parts = [one for one in get_args(hint) or (hint,) if one is not NoneType]
        # Lists have tables of their own, or stay in the payload.
        if len(parts) == 1 and isinstance(parts[0], type):
            yield from _of_field((*above, field.name), parts[0], field.default)


def _of_field(path: tuple[str, ...], of: type, default: Any) -> Iterator[EventColumn]:
    name = "_".join(path)
    known = None if default is msgspec.NODEFAULT else default
    if issubclass(of, Enum):
        yield EventColumn(name, path, str, "code", known)
    elif of in _SCALARS:
        yield EventColumn(name, path, of, "UTC" if of is datetime else "", known)
    elif of.__name__ == "Money":
        unit = f"minor units of {name}_currency"
        yield EventColumn(name, (*path, "amount"), int, unit)
        currency = (*path, "currency")
        yield EventColumn(f"{name}_currency", currency, str, "ISO 4217")
    elif issubclass(of, Struct):
        yield from _of_record(of, path)


def event_rows(batch: Iterable[Stored], pseudonyms: Pseudonyms) -> Iterator[EventRow]:
    """Yield the rows of stored events. Raises what decoding raises."""
    for one in batch:
        if is_about_a_case(one.topic):
            about = _about(one.state, pseudonyms)
            recorded_at = about["recorded_at"]
        else:
            about, recorded_at = {}, _envelope(one.state).recorded_at
        yield EventRow(
            position=one.position,
            month=f"{recorded_at.year:04}-{recorded_at.month:02}",
            history=one.case,
            version=one.version,
            type=one.topic,
            leaf=leaf(one.state).hex(),
            **about,
        )


def unread(one: Stored) -> EventRow:
    """Return the row of an event that cannot be read: where it stands, and its leaf."""
    return EventRow(
        position=one.position,
        month="unknown",
        history=one.case,
        version=one.version,
        type=one.topic,
        leaf=leaf(one.state).hex(),
    )


def _about(state: bytes, pseudonyms: Pseudonyms) -> dict[str, Any]:
    recorded = decode_impersonal(state, pseudonyms.of)
    imported = recorded.imported
    exact = imported is None or imported.precision is Precision.SECOND
    return {
        "at": recorded.at,
        "recorded_at": recorded.recorded_at,
        "precision": None if exact or imported is None else imported.precision,
        "actor_role": recorded.actor.role,
        "actor": recorded.actor.id,
        "on_behalf_of": recorded.actor.on_behalf_of,
        "policy": recorded.policy,
        "rules": recorded.rules,
        "system": imported.system if imported else None,
        "zone": imported.zone if imported else None,
        "payload": _encode(recorded.event).decode(),
    }


_encode = msgspec.json.Encoder().encode
_envelope = msgspec.json.Decoder(Envelope).decode
