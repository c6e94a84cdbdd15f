"""A case of many events, appended at once, its personal texts sealed."""

from __future__ import annotations

from uuid import UUID, uuid4

from application.log.build.integrate import LogBuilder
from application.privacy.sealing_keys import with_keys
from application.record.envelope import Recorded
from application.record.sequencer import Sequencer
from domain.case.evolve import fold
from domain.negotiation.events import MessagePosted
from domain.roles import Party
from interface.bootstrap import System
from interface.run.local_signer import signer
from tests.samples import BUYER, FILED, play


def tell_long(system: System, events: int) -> UUID:
    """Append a case of so many events: filed, then messages; return its id."""
    case, now = uuid4(), system.clock()
    first = play(*FILED)[0]
    more = [
        MessagePosted(number=n, by=Party.BUYER, text=f"Message {n}: it still leaks.")
        for n in range(1, events)
    ]
    facts = [
        Recorded(
            case=case,
            version=version,
            at=now,
            recorded_at=now,
            actor=BUYER,
            command_id=uuid4(),
            policy="cn-default/1",
            event=event,
        )
        for version, event in enumerate((first, *more), 1)
    ]
    dispute = fold(fact.event for fact in facts)
    keyed = with_keys(facts, dispute, system.keys)
    system.record.append(keyed, None)
    return case


def sign(system: System) -> None:
    """Order, log and sign all there is."""
    parts = [
        Sequencer(system.url),
        LogBuilder(system.url),
        signer(system.settings, system.url, system.clock),
    ]
    while sum(part.tick() for part in parts):
        pass
    for part in parts:
        part.close()
