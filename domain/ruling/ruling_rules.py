"""What a decision has to be like to be valid (4.3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.evidence.decide import evidence
from domain.line_total import line_problems
from domain.policy.profile import AboveLine
from domain.refusals import Problem
from domain.roles import Party
from domain.ruling.citations import rule_problems
from domain.ruling.commands import Rule
from domain.ruling.reasons import Automation, Reason
from domain.terms import Terms, terms_problems


def problems(command: Rule, dispute: Dispute, context: Context) -> Iterator[Problem]:
    """Yield what is wrong with a decision."""
    yield from liability_problems(command.liability, context)
    yield from remedy_problems(command.remedies, dispute, context)
    yield from blame_problems(command.liability, command.remedies, context)
    yield from reason_problems(command.reasons, dispute, context)
    if command.automation is not Automation.NONE and not command.model:
        yield Problem("/model", "required", {"for": command.automation})
    # 4.3.4: what a party may ask for is a human, so the machine does not decide twice.
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
        # A dismissal next to a refund would say both that something is owed and not.
        if not known.obligations and len(remedies) > 1:
            yield Problem(f"{at}/kind", "stands-alone", {"kind": terms.kind})
        # 4.3.4: a return with who bears the freight.
        if known.freight and terms.freight is None:
            yield Problem(f"{at}/freight", "required", {"for": terms.kind})
    yield from _total_problems(remedies, dispute)
    # Where the policy asks for a second person instead, `rule` does so.
    if context.rules.policy.above_line is AboveLine.REFUSE:
        yield from line_problems(remedies, "/remedies", dispute.paid, context)


def _total_problems(remedies: Sequence[Terms], dispute: Dispute) -> Iterator[Problem]:
    """Yield a problem if all money together is above the claim, or else the order."""
    claimed = (dispute.claim.amount if dispute.claim else None) or dispute.paid
    amounts = [terms.amount for terms in remedies if terms.amount]
    # Another currency is a problem of its own, and cannot be summed.
    if claimed is None or any(one.currency != claimed.currency for one in amounts):
        return
    if sum(one.amount for one in amounts) > claimed.amount:
        limit = {"limit": str(claimed), "currency": claimed.currency}
        yield Problem("/remedies", "above-claim", limit)


def reason_problems(
    reasons: Sequence[Reason], dispute: Dispute, context: Context
) -> Iterator[Problem]:
    """Yield what is wrong with reasons: none, or what they cite cannot carry them."""
    # 1: every outcome cites its basis.
    if not reasons:
        yield Problem("/reasons", "required")
    if left := unweighed(dispute):
        listed = ", ".join(map(str, left))
        yield Problem("/reasons", "not-assessed", {"evidence": listed})
    known = {one.number for one in evidence(dispute)}
    carrying = {one.number for one in evidence(dispute) if not one.is_excluded}
    for number, reason in enumerate(reasons):
        yield from rule_problems(reason.rule, f"/reasons/{number}/rule", context)
        for name in ("relied_on", "set_aside"):
            at, cited = f"/reasons/{number}/{name}", set(getattr(reason, name))
            if missing := cited - known:
                yield _about(at, "no-such-evidence", missing)
            # What was excluded may be named as set aside, but carries no finding.
            elif name == "relied_on" and (excluded := cited - carrying):
                yield _about(at, "excluded-evidence", excluded)


def _about(at: str, code: str, numbers: set[int]) -> Problem:
    return Problem(at, code, {"cited": ", ".join(map(str, sorted(numbers)))})


def unweighed(dispute: Dispute) -> tuple[int, ...]:
    """List the evidence that nobody has weighed yet."""
    return tuple(one.number for one in evidence(dispute) if one.weighed is None)
