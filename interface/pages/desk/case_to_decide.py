"""A case on the desk of somebody who writes its decision."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from msgspec import Struct

from application.cases.case import Case
from application.cases.line_money import known_line_money
from application.cases.ruling_text import Wording
from application.privacy.redaction import opened_for
from domain.case.context import Context
from domain.case.dispute import Phase
from interface.api.presentation import shown
from interface.api.request_context import RequestContext
from interface.api.responses.case import StaffCase
from interface.pages.desk.case_story import StoryLine, story_of
from interface.pages.desk.ruling_choices import may_write
from interface.pages.desk.ruling_preview import PreviewTerms, exhibits


class CaseToDecide(Struct, frozen=True, kw_only=True):
    """A case on the desk of somebody who decides it; `rules` know its order line."""

    case: Case
    told: StaffCase
    rules: Context
    terms: PreviewTerms
    story: tuple[StoryLine, ...]

    @property
    def sendable(self) -> frozenset[str]:
        """Return the paths at which a decision can be sent now."""
        above = f"/v1/disputes/{self.told.id}/"
        return frozenset(one.href.removeprefix(above) for one in self.told.actions)


def case_to_decide(context: RequestContext, dispute_id: UUID) -> CaseToDecide | None:
    """Return the case of a person who may decide it; None if they may not now."""
    case, system = context.read(dispute_id), context.system
    dispute, actor = case.dispute, context.actor
    if not may_write(dispute, actor):
        return None
    money = known_line_money(context.lines, case, actor)
    rules = system.disputes.context(case, actor, money)
    events = opened_for(actor, system.record, case.events, case.restricted)
    wording = Wording(
        codes=rules.codes,
        regulations=system.rulebooks.regulations.known,
        exhibits=exhibits(events),
    )
    paid = dispute.paid
    return CaseToDecide(
        case=case,
        told=cast("StaffCase", shown(system, case, context.viewer, context.lines)),
        rules=rules,
        terms=PreviewTerms(
            wording=wording,
            currency=paid.currency if paid else "CNY",
            on_appeal=dispute.phase is Phase.APPEAL,
        ),
        story=story_of(context, events),
    )
