"""How much the parties may add to one case, so that nobody makes it unreadable."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from application.cases.case import Case
from domain.case.command import Command
from domain.evidence.commands import SubmitEvidence
from domain.evidence.events import EvidenceSubmitted
from domain.negotiation.commands import PostMessage
from domain.negotiation.events import MessagePosted
from domain.refusals import Invalid, Problem
from domain.roles import Actor, Party


class CaseLimits(Struct, frozen=True, kw_only=True):
    """The most files, messages and events that one case may have.

    A case is read as a whole, so its length is what every read of it costs.
    """

    files: int = 200
    messages: int = 1_000
    events: int = 5_000

    def check(self, case: Case, actor: Actor, kind: type[Command]) -> None:
        """Raise Invalid if a command of this kind would add more than the limit."""
        # Who works on a case has to be able to end it, however long it is.
        if actor.party not in {Party.BUYER, Party.SELLER}:
            return
        if case.version >= self.events:
            raise _too_many("events", self.events)
        if kind not in _COUNTED:
            return
        counted, name = _COUNTED[kind]
        limit: int = getattr(self, name)
        if sum(isinstance(one.event, counted) for one in case.events) >= limit:
            raise _too_many(name, limit)


USUAL_LIMITS = CaseLimits()

_COUNTED: Mapping[type, tuple[type, str]] = {
    SubmitEvidence: (EvidenceSubmitted, "files"),
    PostMessage: (MessagePosted, "messages"),
}


def _too_many(name: str, limit: int) -> Invalid:
    return Invalid([Problem("", f"too-many-{name}", {"limit": str(limit)})])
