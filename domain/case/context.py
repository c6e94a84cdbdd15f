"""What a decision may know besides the case: who, when, and by which rules."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from domain.deadlines.deadline import Awaited, Deadline
from domain.deadlines.table import DEADLINES
from domain.deadlines.time_limits import Calendar, Limit, LimitName, due
from domain.policy.burden_of_proof import ProofRules
from domain.policy.codes import Codes
from domain.policy.profile import Policy
from domain.policy.regulation import Regulation, of_case
from domain.roles import Actor, Party


class Rulebook(Struct, frozen=True, kw_only=True):
    """The rules in force: policy profile, code tables, calendar, rules of proof.

    `regulations`: all versions of all rules that decisions cite, in force or not.
    `digest`: the SHA-256 of the rule set, by which events name it.
    """

    policy: Policy
    codes: Codes
    calendar: Calendar
    proof: ProofRules
    regulations: tuple[Regulation, ...] = ()
    digest: bytes | None = None


class Context(Struct, frozen=True, kw_only=True):
    """Who acts, when (UTC), under which rules; what the case is about, if known.

    `granted_elsewhere`: what other cases on the same order line have granted the buyer,
    in minor units of the currency that was paid; `line_price`: the least that one of
    those says was paid for the line.
    `filed`: when the case was filed, None for one that is filed now.
    """

    actor: Actor
    now: datetime
    rules: Rulebook
    category: str = ""
    reason: str = ""
    granted_elsewhere: int = 0
    line_price: int | None = None
    filed: datetime | None = None

    @property
    def citable(self) -> tuple[Regulation, ...]:
        """Return what a decision may cite: what was in force when the case was filed.

        A rule that came later could not guide what the parties did.
        """
        day = self.rules.calendar.day(self.filed or self.now)
        return of_case(self.rules.regulations, self.rules.proof, day)

    @property
    def codes(self) -> Codes:
        """Return the code tables in force."""
        return self.rules.codes

    def about(self, category: str, reason: str) -> Context:
        """Return this context with the time limits of a category and a reason."""
        return replace(self, category=category, reason=reason)

    def limit(self, name: LimitName) -> Limit:
        """Return how long a limit is for what the case is about."""
        return self.rules.policy.limit(name, self.category, self.reason)

    def until(
        self,
        awaited: Awaited,
        party: Party,
        item: int | None = None,
        limit: LimitName | None = None,
    ) -> Deadline:
        """Start a time limit now: `limit`, or else the one that `awaited` has.

        Raises ValueError if there is neither.
        """
        name = limit or DEADLINES[awaited].limit
        if name is None:
            raise ValueError(f"{awaited}: the obligation names its limit")
        length = self.limit(name)
        return Deadline(
            awaited=awaited,
            party=party,
            start=self.now,
            # Rule, length and calendar are stored with the end that they led to, so
            # that it stays explainable when the rules change (5).
            due=due(self.now, length, self.rules.calendar),
            limit=name,
            length=str(length),
            calendar=self.rules.calendar.name,
            item=item,
        )
