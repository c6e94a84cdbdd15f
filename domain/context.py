"""What a decision may know besides the case: who, when, and by which rules."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from domain.clock import Calendar, LimitName, due
from domain.codes import Codes
from domain.deadlines import Awaited, Deadline
from domain.policy import Policy
from domain.roles import Actor, Party


class Rulebook(Struct, frozen=True, kw_only=True):
    """The rules in force: a policy profile, the code tables and the calendar."""

    policy: Policy
    codes: Codes
    calendar: Calendar


class Context(Struct, frozen=True, kw_only=True):
    """Who asks, when (UTC), under which rules."""

    actor: Actor
    now: datetime
    rules: Rulebook

    @property
    def codes(self) -> Codes:
        """Return the code tables in force."""
        return self.rules.codes

    def until(
        self,
        awaited: Awaited,
        party: Party,
        limit: LimitName,
        item: int | None = None,
    ) -> Deadline:
        """Start a limit of the policy now."""
        length = self.rules.policy.limits[limit]
        return Deadline(
            awaited=awaited,
            party=party,
            start=self.now,
            due=due(self.now, length, self.rules.calendar),
            limit=limit,
            length=str(length),
            calendar=self.rules.calendar.name,
            item=item,
        )
