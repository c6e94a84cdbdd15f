"""The ruling: liability, remedies and the reasons for them (4.3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.case.events import DisputeEvent
from domain.deadlines.deadline import Awaited
from domain.evidence.decide import evidence
from domain.money import Money
from domain.performance.reversal import deemed_paid, netted
from domain.refusals import NoGround, NotOpen, Problem, SecondPerson, refuse_if
from domain.roles import Party
from domain.ruling.commands import ApproveRuling, DraftRuling, RequestHumanReview, Rule
from domain.ruling.events import HumanReviewRequested, Ruled, RulingDrafted
from domain.ruling.reasons import Automation, Reason
from domain.sanctions.decide import BLAMED, lifted
from domain.sanctions.events import SanctionLifted
from domain.terms import Terms, terms_problems


def rule(command: Rule, dispute: Dispute, context: Context) -> tuple[DisputeEvent, ...]:
    """Decide; both parties are then to be served notice of it."""
    refuse_if(problems(command, dispute, context))
    if limit := over_four_eyes(command.remedies, context):
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
    refuse_if(problems(command, dispute, context))
    by, second = prepared.by, context.actor.id
    ruled = _ruled(command, dispute, context, decided_by=by, approved_by=second)
    return ruled, *_cleared(command, dispute, context)


def approvable(dispute: Dispute, context: Context) -> bool:
    """Tell whether there is a draft, and it still fits what has come since."""
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
    """Tell whether all evidence is weighed, so that a decision can rest on it."""
    return not unweighed(dispute)


def unweighed(dispute: Dispute) -> tuple[int, ...]:
    """List the evidence that nobody has weighed yet."""
    return tuple(one.number for one in evidence(dispute) if one.weighed is None)


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
    """Lift what rested on a machine's ruling that a human does not repeat."""
    reviewed = dispute.automation is Automation.AUTOMATED
    if not reviewed or command.liability in BLAMED:
        return ()
    return lifted(dispute, context, why="the ruling was changed")


def over_four_eyes(remedies: Sequence[Terms], context: Context) -> str:
    """Return the amount above which a second person is needed, "" if it is not."""
    amounts = [terms.amount for terms in remedies if terms.amount]
    if not amounts:
        return ""
    limit = context.rules.policy.four_eyes.get(amounts[0].currency)
    total = sum(one.amount for one in amounts)
    if limit is None or total <= limit:
        return ""
    return f"{Money(limit, amounts[0].currency)} {amounts[0].currency}"


def problems(command: Rule, dispute: Dispute, context: Context) -> Iterator[Problem]:
    """Yield what is wrong with a decision."""
    yield from liability_problems(command.liability, context)
    yield from remedy_problems(command.remedies, dispute, context)
    yield from blame_problems(command.liability, command.remedies, context)
    yield from reason_problems(command.reasons, dispute)
    if command.automation is not Automation.NONE and not command.model:
        yield Problem("/model", "required", {"for": command.automation})
    automated = command.automation is Automation.AUTOMATED
    if automated and dispute.automation is Automation.AUTOMATED:
        yield Problem("/automation", "human-needed")


def liability_problems(liability: str, context: Context) -> Iterator[Problem]:
    """Yield a problem if this is not a code of liability."""
    known = context.codes.liabilities
    if liability not in known:
        yield Problem("/liability", "unknown-code", {"allowed": ", ".join(known)})


def blame_problems(
    liability: str, remedies: Sequence[Terms], context: Context
) -> Iterator[Problem]:
    """Yield a problem if the buyer alone is to blame and the seller is to perform."""
    known = context.codes.remedies
    performs = any(known[one.kind].obligations for one in remedies if one.kind in known)
    if liability == Party.BUYER and performs:
        yield Problem("/liability", "contradicts-remedies")


def remedy_problems(
    remedies: Sequence[Terms], dispute: Dispute, context: Context
) -> Iterator[Problem]:
    """Yield what is wrong with what is to be granted, alone and together."""
    codes = context.codes
    if not remedies:
        yield Problem("/remedies", "required")
    for number, terms in enumerate(remedies):
        at = f"/remedies/{number}"
        yield from terms_problems(terms, at, codes, codes.remedies, dispute.paid)
        known = codes.remedies.get(terms.kind)
        if known is None:
            continue
        if not known.obligations and len(remedies) > 1:
            yield Problem(f"{at}/kind", "stands-alone", {"kind": terms.kind})
        if known.freight and terms.freight is None:
            yield Problem(f"{at}/freight", "required", {"for": terms.kind})
    yield from _total_problems(remedies, dispute)


def _total_problems(remedies: Sequence[Terms], dispute: Dispute) -> Iterator[Problem]:
    """Yield a problem if all money together is above the claim, or else the order."""
    claimed = (dispute.claim.amount if dispute.claim else None) or dispute.paid
    amounts = [terms.amount for terms in remedies if terms.amount]
    if claimed is None or any(one.currency != claimed.currency for one in amounts):
        return
    if sum(one.amount for one in amounts) > claimed.amount:
        limit = {"limit": str(claimed), "currency": claimed.currency}
        yield Problem("/remedies", "above-claim", limit)


def reason_problems(reasons: Sequence[Reason], dispute: Dispute) -> Iterator[Problem]:
    """Yield what is wrong with reasons: none, or evidence that cannot carry them."""
    if not reasons:
        yield Problem("/reasons", "required")
    if left := unweighed(dispute):
        listed = ", ".join(map(str, left))
        yield Problem("/reasons", "not-assessed", {"evidence": listed})
    known = {one.number for one in evidence(dispute)}
    carrying = {one.number for one in evidence(dispute) if not one.is_excluded}
    for number, reason in enumerate(reasons):
        for name in ("relied_on", "set_aside"):
            at, cited = f"/reasons/{number}/{name}", set(getattr(reason, name))
            if missing := cited - known:
                yield _about(at, "no-such-evidence", missing)
            elif name == "relied_on" and (excluded := cited - carrying):
                yield _about(at, "excluded-evidence", excluded)


def _about(at: str, code: str, numbers: set[int]) -> Problem:
    return Problem(at, code, {"cited": ", ".join(map(str, sorted(numbers)))})


def request_review(
    command: RequestHumanReview, dispute: Dispute, context: Context
) -> tuple[DisputeEvent, ...]:
    """Ask that a human decide again; the time to rule begins anew."""
    if not reviewable(dispute, context):
        raise NoGround(reason="not-automated")
    requested = HumanReviewRequested(
        by=context.actor.party,
        statement=command.statement,
        deadlines=(context.until(Awaited.RULING, Party.PLATFORM),),
    )
    return *deemed_paid(dispute), requested


def reviewable(dispute: Dispute, context: Context) -> bool:
    """Tell whether a machine alone decided, and the caller may still object."""
    in_time = any(
        one.awaited is Awaited.APPEAL and one.party is context.actor.party
        for one in dispute.deadlines
    )
    return in_time and dispute.automation is Automation.AUTOMATED
