"""Sanctions against a seller: imposed, published, lifted (4.4, +)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited, Deadline
from domain.performance.decide import not_open
from domain.refusals import Problem, refuse_if
from domain.roles import Party
from domain.sanctions.commands import ImposeSanction, LiftSanction, PublishSanction
from domain.sanctions.events import SanctionImposed, SanctionLifted, SanctionPublished


def impose(
    command: ImposeSanction, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Sanction the seller; it is to be made public in time."""
    refuse_if(_problems(command, dispute, context))
    # The same measure for the same breach is one sanction, until it was lifted.
    same = (command.kind, command.breach)
    if any(
        (one.kind, one.breach) == same and not one.lifted for one in dispute.sanctions
    ):
        return ()
    number = len(dispute.sanctions) + 1
    return (
        SanctionImposed(
            number=number,
            kind=command.kind,
            seller=dispute.seller or "",
            breach=command.breach,
            measure=command.measure,
            deadlines=(_publication(number, context),),
        ),
    )


def _problems(
    command: ImposeSanction, dispute: Dispute, context: Context
) -> Iterator[Problem]:
    for name in ("kind", "breach"):
        known = context.codes.sanctions if name == "kind" else context.codes.breaches
        if getattr(command, name) not in known:
            allowed = {"allowed": ", ".join(known)}
            yield Problem(f"/{name}", "unknown-code", allowed)
    if not has_seller(dispute, context):
        yield Problem("/kind", "no-seller")


def has_seller(dispute: Dispute, _: Context) -> bool:
    """Tell whether the case names a seller; an imported one may not."""
    return dispute.seller is not None


def _publication(number: int, context: Context) -> Deadline:
    return context.until(Awaited.PUBLICATION, Party.PLATFORM, number)


def publish(
    command: PublishSanction, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Record that a sanction, or its end, was made public."""
    open_now = publishable(dispute, context)
    if command.number not in open_now:
        raise not_open(command.number, open_now)
    sanction = next(one for one in dispute.sanctions if one.number == command.number)
    return (SanctionPublished(number=command.number, lifted=sanction.lifted),)


def publishable(dispute: Dispute, _: Context) -> tuple[int, ...]:
    """List the sanctions whose beginning or end still has to be made public."""
    return tuple(
        one.number
        for one in dispute.sanctions
        # What was lifted before it was published is published as lifted, once.
        if (not one.end_published if one.lifted else not one.published)
    )


def lift(
    command: LiftSanction, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """End a sanction; this is to be made public too."""
    open_now = liftable(dispute, context)
    if command.number not in open_now:
        raise not_open(command.number, open_now)
    return (_lifted(command.number, command.why, context),)


def lifted(dispute: Dispute, context: Context, why: str) -> tuple[SanctionLifted, ...]:
    """End all sanctions of a case, because their ground is gone (4.4)."""
    return tuple(_lifted(number, why, context) for number in liftable(dispute, context))


def liftable(dispute: Dispute, _: Context) -> tuple[int, ...]:
    """List the sanctions that are in force."""
    return tuple(one.number for one in dispute.sanctions if not one.lifted)


def _lifted(number: int, why: str, context: Context) -> SanctionLifted:
    return SanctionLifted(
        number=number, why=why, deadlines=(_publication(number, context),)
    )
