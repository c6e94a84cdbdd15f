"""The order of events: in which phases each is recorded, by whom, and what follows.

The lifecycle table says which commands are possible. This one says what a case's events
may look like, so that whoever reads a case, also without this program, can name an
event that no command can have led to. It is no second guard: it asks less than commands
are asked (no deadlines, no items, no conflicts of interest), and never more.

Some events lead to one of several phases, by what they say or by what came before them.
A reader follows all of them and goes on with those that fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct

from domain.case.dispute import Phase
from domain.case.lifecycle import (
    ADMITTED,
    APPEALABLE,
    BUYER,
    CLIENT,
    CLOCK,
    DECIDED,
    EVER,
    EVERYBODY,
    EXAMINING,
    HOLDERS,
    LIVE,
    OWING,
    PARTIES,
    PROVING,
    SELLER,
    SUPERVISOR,
    UNDECIDED,
)
from domain.roles import STAFF, Role

STAYS = "stays"
"""Leads to: the phase does not change."""

RETURNS = "returns"
"""Leads to: the phase that an appeal or a suspension has interrupted."""

Standing = tuple[Phase, Phase | None]
"""A phase, and the phase that was interrupted for it."""

BEGINNING: frozenset[Standing] = frozenset({(Phase.NONE, None)})
"""Where a case stands before its first event."""


class EventRow(Struct, frozen=True, kw_only=True):
    """In which phases an event is recorded, by which roles, and what it leads to.

    `leads_to`: phases, STAYS or RETURNS. `interrupts`: the phase is returned to later.
    """

    phases: frozenset[Phase]
    roles: frozenset[Role]
    leads_to: tuple[str, ...] = (STAYS,)
    interrupts: bool = False


def _row(
    *phases: Phase,
    by: AbstractSet[Role],
    to: tuple[str, ...] = (STAYS,),
    interrupts: bool = False,
) -> EventRow:
    return EventRow(
        phases=frozenset(phases),
        roles=frozenset(by),
        leads_to=to,
        interrupts=interrupts,
    )


# fmt: off
# As in the lifecycle table, a row that fills one line is easier to compare.
EVENT_ORDER: Mapping[str, EventRow] = {
    "filed": _row(Phase.NONE, by=BUYER | STAFF, to=(Phase.FILED,)),
    # From CLOSED after an appeal against the refusal. The rules are the platform.
    "admitted": _row(Phase.FILED, Phase.CLOSED, by=STAFF,
        to=(Phase.AWAITING_RESPONSE,)),
    "refused": _row(Phase.FILED, by=STAFF | CLIENT),
    "referred": _row(*LIVE, by=STAFF),
    "withdrawn": _row(*UNDECIDED, by=BUYER | CLOCK),
    "mediator-assigned": _row(*LIVE, by=STAFF),
    "mediator-recused": _row(*LIVE, by=STAFF),
    "note-added": _row(*EVER, by=STAFF),
    "case-tagged": _row(*EVER, by=STAFF),
    "notice-served": _row(*EVER, by=CLOCK | CLIENT,
        to=(STAYS, Phase.AWAITING_RESPONSE)),
    "notice-undelivered": _row(*EVER, by=CLOCK),
    "contact-stated": _row(*EVER, by=PARTIES),
    "seller-responded": _row(Phase.AWAITING_RESPONSE, Phase.UNANSWERED, by=SELLER,
        to=(Phase.NEGOTIATING, Phase.PERFORMING)),
    "message-posted": _row(*LIVE, by=EVERYBODY),
    "offer-made": _row(Phase.NEGOTIATING, *EXAMINING, Phase.SUSPENDED, by=EVERYBODY),
    "offer-accepted": _row(Phase.NEGOTIATING, *EXAMINING, Phase.SUSPENDED, by=PARTIES,
        to=(STAYS, Phase.PERFORMING)),
    "offer-declined": _row(Phase.NEGOTIATING, *EXAMINING, Phase.SUSPENDED, by=PARTIES),
    "offer-lapsed": _row(*LIVE, by=CLOCK),
    "escalated": _row(Phase.AWAITING_RESPONSE, Phase.UNANSWERED, Phase.NEGOTIATING,
        *OWING, by=EVERYBODY | CLOCK, to=(Phase.EVIDENCE, Phase.RULING)),
    "evidence-requested": _row(*EXAMINING, by=STAFF, to=(Phase.EVIDENCE,)),
    "evidence-submitted": _row(*PROVING, Phase.RULING, Phase.APPEAL,
        by=PARTIES | CLIENT),
    "evidence-handed-in": _row(*PROVING, Phase.RULING, Phase.APPEAL,
        by=PARTIES | CLOCK),
    "evidence-closed": _row(*EXAMINING, by=CLOCK, to=(STAYS, Phase.RULING)),
    "evidence-assessed": _row(*EXAMINING, Phase.APPEAL, by=STAFF),
    # By the rules at an escalation, and by the clock where a deadline escalates.
    "burden-assigned": _row(*EXAMINING, by=STAFF | CLIENT | CLOCK),
    "inquiry-sent": _row(*EXAMINING, by=STAFF),
    "inquiry-answered": _row(*EXAMINING, by=STAFF | CLIENT),
    "clocks-paused": _row(*EXAMINING, by=STAFF),
    "clocks-resumed": _row(*EXAMINING, by=STAFF | CLIENT | CLOCK),
    "ruling-drafted": _row(Phase.RULING, by=STAFF),
    "ruled": _row(Phase.RULING, by=STAFF, to=(Phase.PERFORMING,)),
    "review-requested": _row(*DECIDED, by=PARTIES, to=(Phase.RULING,)),
    # The second side's appeal finds the case interrupted by the first one's.
    "appeal-filed": _row(*APPEALABLE, by=PARTIES, to=(Phase.APPEAL,), interrupts=True),
    "appeal-refused": _row(Phase.APPEAL, by=SUPERVISOR, to=(STAYS, RETURNS)),
    "appeal-decided": _row(Phase.APPEAL, by=SUPERVISOR,
        to=(RETURNS, Phase.PERFORMING)),
    "fulfilled": _row(*OWING, by=PARTIES | CLIENT),
    # What is owed changes with a decision on appeal, and with a settlement that ends a
    # suspension.
    "obligation-confirmed": _row(*OWING, Phase.APPEAL, Phase.SUSPENDED,
        by=PARTIES | SUPERVISOR | CLOCK),
    "fulfilment-contested": _row(*OWING, by=PARTIES, to=(STAYS, Phase.ENFORCING)),
    "defaulted": _row(*OWING, by=PARTIES | CLOCK),
    "closed": _row(*LIVE, by=EVERYBODY | CLIENT | CLOCK, to=(Phase.CLOSED,)),
    "enforcement-ordered": _row(Phase.ENFORCING, by=STAFF),
    "enforcement-executed": _row(Phase.ENFORCING, by=STAFF | CLIENT),
    "enforcement-failed": _row(Phase.ENFORCING, by=STAFF | CLIENT),
    "advance-recovered": _row(*EVER, by=STAFF | CLIENT),
    "deadline-missed": _row(*EVER, by=CLOCK,
        to=(STAYS, Phase.UNANSWERED, Phase.ENFORCING)),
    "deadline-extended": _row(*LIVE, by=SUPERVISOR),
    "suspension-requested": _row(*ADMITTED, by=PARTIES),
    "suspended": _row(*ADMITTED, by=PARTIES | SUPERVISOR, to=(Phase.SUSPENDED,),
        interrupts=True),
    "suspension-proved": _row(Phase.SUSPENDED, by=PARTIES),
    "resumed": _row(Phase.SUSPENDED, by=PARTIES | SUPERVISOR | CLOCK, to=(RETURNS,)),
    "sanction-imposed": _row(*DECIDED, by=SUPERVISOR),
    "sanction-published": _row(*EVER, by=STAFF | CLIENT),
    "sanction-lifted": _row(*EVER, by=STAFF),
    "legal-hold-placed": _row(*EVER, by=HOLDERS),
    "legal-hold-lifted": _row(*EVER, by=HOLDERS),
    "restricted": _row(Phase.CLOSED, by=SUPERVISOR),
    "restriction-lifted": _row(*EVER, by=SUPERVISOR),
    "subject-erased": _row(Phase.CLOSED, by=SUPERVISOR),
    "corrected": _row(*EVER, by=STAFF),
    "import-withdrawn": _row(*EVER, by=SUPERVISOR, to=(Phase.CLOSED,)),
}
# fmt: on


def after(
    standings: AbstractSet[Standing], topic: str, role: Role, *, told: bool = False
) -> frozenset[Standing]:
    """Return where a case may stand after an event; nowhere: it was not possible.

    `told`: another system tells of the event (an imported history). Such events are
    followed and not judged, because their order is that of the other system.
    """
    row = EVENT_ORDER.get(topic)
    if row is None or not (told or role in row.roles):
        return frozenset()
    return frozenset(
        following
        for standing in standings
        if told or standing[0] in row.phases
        for following in _following(standing, row)
    )


def _following(standing: Standing, row: EventRow) -> Iterable[Standing]:
    phase, before = standing
    for leads_to in row.leads_to:
        if leads_to == STAYS:
            yield standing
        elif leads_to == RETURNS:
            # An imported history may end an interruption that it does not tell of.
            yield (before or phase), None
            if before is None:
                yield Phase.PERFORMING, None
        elif not row.interrupts:
            yield Phase(leads_to), before
        else:
            yield Phase(leads_to), (before if phase == leads_to else phase)


def exported() -> Mapping[str, Mapping[str, Any]]:
    """Return the table as the verifiers of bundles hold it, in JSON's types."""
    return {
        topic: {
            "phases": sorted(row.phases),
            "roles": sorted(row.roles),
            "leads_to": [str(one) for one in row.leads_to],
            "interrupts": row.interrupts,
        }
        for topic, row in sorted(EVENT_ORDER.items())
    }
