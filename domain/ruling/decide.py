"""The ruling: liability, remedies and the reasons for them (4.3.4)."""

from __future__ import annotations

from collections.abc import Sequence

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited
from domain.line_total import second_person_on_line
from domain.money import Money
from domain.performance.reversal import deemed_paid, netted
from domain.refusals import NoGround, NotOpen, SecondPerson, refuse_if
from domain.roles import Party
from domain.ruling.commands import ApproveRuling, DraftRuling, RequestHumanReview, Rule
from domain.ruling.events import HumanReviewRequested, Ruled, RulingDrafted
from domain.ruling.reasons import Automation
from domain.ruling.ruling_rules import problems, unweighed
from domain.sanctions.decide import lifted
from domain.sanctions.events import SanctionLifted
from domain.standing import BLAMED
from domain.terms import Terms


def rule(command: Rule, dispute: Dispute, context: Context) -> tuple[DisputeEvent, ...]:
    """Decide; both parties are then to be served notice of it."""
    refuse_if(problems(command, dispute, context))
    # The four-eyes rule: above the policy's amount one person drafts a ruling, and
    # another issues it with `approve`. The lifecycle bars the drafter from that.
    if limit := over_four_eyes(command.remedies, context):
        raise SecondPerson(limit=limit)
    if limit := second_person_on_line(command.remedies, dispute.paid, context):
        raise SecondPerson(limit=limit)
    by = context.actor.id
    ruled = _ruled(command, dispute, context, decided_by=by, approved_by=None)
    return ruled, *_cleared(command, dispute, context)


def draft(
    command: DraftRuling, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Prepare a decision; the latest draft is the one that may be approved."""
    refuse_if(problems(command, dispute, context))
    drafted = RulingDrafted(
        by=context.actor.id or "",
        liability=command.liability,
        remedies=command.remedies,
        reasons=command.reasons,
        automation=command.automation,
        model=command.model,
    )
    return () if dispute.draft == drafted else (drafted,)


def approve(
    _: ApproveRuling, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Issue what another person has drafted."""
    prepared = dispute.draft
    if prepared is None:
        raise NotOpen(number="ruling-draft", open="")
    command = _drafted(prepared)
    # Once more: evidence may have come, or been excluded, since the draft was written.
    refuse_if(problems(command, dispute, context))
    by, second = prepared.by, context.actor.id
    ruled = _ruled(command, dispute, context, decided_by=by, approved_by=second)
    return ruled, *_cleared(command, dispute, context)


def approvable(dispute: Dispute, context: Context) -> bool:
    """Tell whether there is a draft that still fits what has happened since."""
    if dispute.draft is None:
        return False
    return not any(problems(_drafted(dispute.draft), dispute, context))


def _drafted(draft: RulingDrafted) -> Rule:
    return Rule(
        liability=draft.liability,
        remedies=draft.remedies,
        reasons=draft.reasons,
        automation=draft.automation,
        model=draft.model,
    )


def can_decide(dispute: Dispute, _: Context) -> bool:
    """Tell whether all evidence is weighed, so that a decision can rest on it (4.3.2).

    This holds for decisions on appeal as well.
    """
    return not unweighed(dispute)


def _ruled(
    command: Rule,
    dispute: Dispute,
    context: Context,
    *,
    decided_by: str | None,
    approved_by: str | None,
) -> Ruled:
    return Ruled(
        liability=command.liability,
        remedies=command.remedies,
        reasons=command.reasons,
        obligations=netted(command.remedies, dispute, context.codes),
        automation=command.automation,
        model=command.model,
        decided_by=decided_by,
        approved_by=approved_by,
    )


def _cleared(
    command: Rule, dispute: Dispute, context: Context
) -> tuple[SanctionLifted, ...]:
    """Lift sanctions that rested on a machine's ruling, if a human finds otherwise."""
    # The state still says how the ruling before this one was made.
    reviewed = dispute.automation is Automation.AUTOMATED
    if not reviewed or command.liability in BLAMED:
        return ()
    return lifted(dispute, context, why="the ruling was changed")


def over_four_eyes(remedies: Sequence[Terms], context: Context) -> str:
    """Return the amount above which a second person is needed; "" if none is."""
    amounts = [terms.amount for terms in remedies if terms.amount]
    if not amounts:
        return ""
    # All are in the currency of the order; `remedy_problems` refuses any other.
    limit = context.rules.policy.four_eyes.get(amounts[0].currency)
    # All remedies together: split into two, a large sum would escape the rule.
    total = sum(one.amount for one in amounts)
    if limit is None or total <= limit:
        return ""
    return f"{Money(limit, amounts[0].currency)} {amounts[0].currency}"


def request_review(
    command: RequestHumanReview, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Ask that a human decide again; the time to rule starts once more."""
    if not reviewable(dispute, context):
        raise NoGround(reason="not-automated")
    requested = HumanReviewRequested(
        by=context.actor.party,
        statement=command.statement,
        deadlines=(context.until(Awaited.RULING, Party.PLATFORM),),
    )
    # Payments that were reported under the machine's ruling count in the human's.
    return *deemed_paid(dispute), requested


def reviewable(dispute: Dispute, context: Context) -> bool:
    """Tell whether a machine alone decided, and the actor's side may still object."""
    # A review has the same time as an appeal, and takes its place.
    in_time = any(
        one.awaited is Awaited.APPEAL and one.party is context.actor.party
        for one in dispute.deadlines
    )
    return in_time and dispute.automation is Automation.AUTOMATED
