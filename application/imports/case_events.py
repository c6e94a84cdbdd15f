"""Gives the events that rows tell their places in a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from application.imports.case_news import key_of
from application.imports.case_order import Placed
from application.imports.cells import BadRow
from application.record.envelope import Imported, Recorded, topic
from domain.case.dispute import Dispute, Phase
from domain.case.evolve import evolve
from domain.filing.events import Filed
from domain.performance.events import Closed
from domain.roles import Actor, Role


class Origin(Struct, frozen=True):
    """Where the events of a case come from, and when they were learnt.

    `imported` is what they say of it themselves, but for their precision.
    """

    case: UUID
    imported: Imported
    learnt: datetime
    extra: Mapping[str, str] | None = None


def recorded(
    placed: Sequence[Placed],
    origin: Origin,
    known: Sequence[Recorded],
    dispute: Dispute,
) -> tuple[Recorded, ...]:
    """Return the events as they are recorded, after those that the case has.

    `dispute` is the case without them.
    """
    counts = Counter(topic(one.event) for one in known)
    filed = next((one.told.event for one in placed if one.told.type == "filed"), None)
    named = filed if isinstance(filed, Filed) else dispute
    made = []
    for version, one in enumerate(placed, len(known) + 1):
        told = one.told
        counts[told.type] += 1
        number = {"number": counts[told.type]} if told.counted else {}
        of_place = uuid5(origin.case, f"import/{version}")
        made.append(
            Recorded(
                case=origin.case,
                version=version,
                at=one.at,
                recorded_at=origin.learnt,
                actor=Actor(role=told.role, id=_person(told.role, named)),
                command_id=key_of(origin.case, told) if told.key else of_place,
                imported=replace(
                    origin.imported,
                    precision=told.moment.precision,
                    extra=origin.extra if version == 1 else None,
                ),
                event=replace(told.event, **number),
            )
        )
    return tuple(made)


def after(
    dispute: Dispute, known: Sequence[Recorded], fresh: Sequence[Recorded]
) -> Dispute:
    """Return the case after more events. Raises BadRow for one that is about nothing.

    What is owed follows from a decision or an agreement. A source that tells of a duty
    and nowhere of how it came about tells a case that nobody can follow. In which order
    it tells the two is its own affair.
    """
    owed = {
        duty.number
        for one in (*known, *fresh)
        for duty in getattr(one.event, "obligations", ())
    }
    for one in fresh:
        number = getattr(one.event, "obligation", None)
        if number is not None and number not in owed:
            raise BadRow(f"{topic(one.event)}: there is no obligation {number}")
        # A case that nothing has opened again does not close a second time.
        if isinstance(one.event, Closed) and dispute.phase is Phase.CLOSED:
            raise BadRow("contradicts: the case is closed already")
        dispute = evolve(dispute, one.event)
    return dispute


def _person(role: Role, named: Filed | Dispute) -> str | None:
    """Return the buyer or seller who acted, None if the source does not name them."""
    return {Role.BUYER: named.buyer, Role.SELLER: named.seller}.get(role)
