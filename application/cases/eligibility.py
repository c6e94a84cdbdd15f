"""What a filing would lead to. Nothing is recorded."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from application.cases.case import Case
from application.cases.disputes import Disputes
from application.cases.line_money import line_money
from application.cases.order_line import line_filed, numbered_case
from domain.case.decide import guard
from domain.case.dispute import Phase
from domain.filing.commands import FileDispute
from domain.filing.decide import ROUTES, eligibility
from domain.refusals import Problem
from domain.roles import Actor


class Foreseen(Struct, frozen=True, kw_only=True):
    """What a filing would lead to.

    `ground`: why a rule would refuse it at once, None if none would. `until`: the last
    moment to file (UTC). `duplicate`: a live dispute on the same issue. `earlier`: an
    ended one, which new facts re-open. `routes`: where else to turn, if it is refused.
    """

    ground: str | None
    until: datetime | None
    problems: tuple[Problem, ...]
    routes: tuple[str, ...]
    duplicate: UUID | None
    earlier: UUID | None

    @property
    def is_accepted(self) -> bool:
        """Tell whether the filing would be examined by a mediator."""
        there = self.duplicate or self.earlier
        return self.ground is None and not self.problems and there is None


def foresee(disputes: Disputes, actor: Actor, command: FileDispute) -> Foreseen:
    """Return what filing would lead to. Raises NotAllowed if the actor may not file."""
    reader = disputes.line_reader()
    on_line = reader.cases_on(line_filed(command))
    present = disputes.find(numbered_case(on_line, command))
    with line_money(reader, present, actor, command) as money:
        context = disputes.context(present, actor, money)
    # Whether the actor may file at all does not depend on the case that is there.
    guard(FileDispute, Case(present.case).dispute, context)
    found = eligibility(command, context)
    there = present.case if present.events else None
    over = present.dispute.phase is Phase.CLOSED
    # A second filing is answered with the first case; no rule refuses it on a ground.
    ground = None if there else found.ground
    return Foreseen(
        ground=ground,
        until=found.until,
        problems=tuple(found.problems),
        routes=ROUTES if ground else (),
        duplicate=None if over else there,
        earlier=there if over else None,
    )
