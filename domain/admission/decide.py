"""Admission, refusal and referral (3.1, 3.2): what follows."""

from __future__ import annotations

from collections.abc import Iterator

from domain.admission.commands import Admit, ReferOut, Refuse
from domain.admission.events import Admitted, ReferredToAuthority, Refused
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.case.outcome import Outcome
from domain.filing.withdrawal import closed_undecided
from domain.policy.codes import Codes
from domain.refusals import Problem, refuse_if

ILLEGAL = "illegal-goods"
AUTHORITY = "market-regulator"

REFERRED = "referred"
CAUSES = frozenset({ILLEGAL, REFERRED})
"""Why a case is handed to an authority: the goods are illegal, or somebody referred."""
"""Where illegal goods are referred to (3.2)."""


def admit(command: Admit, _: Dispute, __: Context) -> tuple[DisputeEvent, ...]:
    """Take the case; the seller is then to be served notice."""
    return (Admitted(note=command.note),)


def refuse(command: Refuse, _: Dispute, context: Context) -> tuple[DisputeEvent, ...]:
    """Do not take the case; illegal goods are referred to the authority as well."""
    refuse_if(_refusal_problems(command, context.codes))
    refused = Refused(
        ground=command.ground,
        explanation=command.explanation,
        routes=command.routes,
        decided_by=context.actor.id,
    )
    if command.ground != ILLEGAL:
        return refused, closed_undecided(Outcome.REFUSED)
    # 3.2: two events, since the refusal concerns the buyer and the referral the goods.
    referred = ReferredToAuthority(
        authority=AUTHORITY, cause=ILLEGAL, note=command.explanation
    )
    return refused, referred, closed_undecided(Outcome.REFERRED)


def _refusal_problems(command: Refuse, codes: Codes) -> Iterator[Problem]:
    if command.ground not in codes.grounds:
        allowed = {"allowed": ", ".join(codes.grounds)}
        yield Problem("/ground", "unknown-code", allowed)
    if not command.explanation.strip():
        yield Problem("/explanation", "required")
    yield from route_problems(command.routes, codes)


def route_problems(routes: tuple[str, ...], codes: Codes) -> Iterator[Problem]:
    """Yield what is wrong with the other routes that a party is shown."""
    if not routes:
        yield Problem("/routes", "required")
    for number, route in enumerate(routes):
        if route not in codes.routes:
            allowed = {"allowed": ", ".join(codes.routes)}
            yield Problem(f"/routes/{number}", "unknown-code", allowed)


def refer_out(
    command: ReferOut, _: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Hand the case to an authority or a court; the case is over here."""
    known = context.codes.routes
    if command.authority not in known:
        allowed = {"allowed": ", ".join(known)}
        refuse_if([Problem("/authority", "unknown-code", allowed)])
    referred = ReferredToAuthority(
        authority=command.authority, cause=REFERRED, note=command.note
    )
    return referred, closed_undecided(Outcome.REFERRED)
