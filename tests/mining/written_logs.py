"""A record's logs, and what the record has of everything."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from msgspec import Struct

from application.record.envelope import Recorded, topic
from domain.appeal.events import AppealDecided
from domain.evidence.events import EvidenceSubmitted
from domain.filing.events import Filed
from domain.roles import STAFF
from domain.ruling.events import Ruled


class WrittenLogs(Struct):
    """The logs of a record, and its events."""

    folder: Path
    events: list[Recorded]

    @property
    def types(self) -> Counter[str]:
        return Counter(topic(one.event) for one in self.events)

    @property
    def objects(self) -> dict[str, int]:
        """Return how many objects of each type the events name."""
        filed = [one.event for one in self.events if isinstance(one.event, Filed)]
        staff = {one.actor.id for one in self.events if one.actor.role in STAFF}
        for one in self.events:
            for field in ("mediator", "taken_from", "decided_by", "approved_by"):
                staff.add(getattr(one.event, field, None))
        of_kind = [one.event for one in self.events]
        return {
            "case": len(filed),
            "order": len({one.order for one in filed} - {None}),
            "buyer": len({one.buyer for one in filed} - {None}),
            "seller": len({one.seller for one in filed} - {None}),
            "mediator": len(staff - {None}),
            "evidence": sum(isinstance(one, EvidenceSubmitted) for one in of_kind),
            "ruling": sum(isinstance(one, Ruled | AppealDecided) for one in of_kind),
        }
