"""The ruling: liability, remedies and the reasons for them (4.3.4)."""

from __future__ import annotations

from collections.abc import Iterator

from domain.commands import Rule
from domain.context import Context
from domain.decide.terms import owed_under, terms_problems
from domain.dispute import Dispute
from domain.events import DisputeEvent, Ruled
from domain.reasons import Automation
from domain.refusals import Problem, refuse_if


def rule(command: Rule, dispute: Dispute, context: Context) -> tuple[DisputeEvent, ...]:
    """Decide; both parties are then to be served notice of it."""
    refuse_if(_problems(command, dispute, context))
    return (
        Ruled(
            liability=command.liability,
            remedies=command.remedies,
            reasons=command.reasons,
            obligations=owed_under(command.remedies, context.codes),
            automation=command.automation,
            model=command.model,
        ),
    )


def _problems(command: Rule, dispute: Dispute, context: Context) -> Iterator[Problem]:
    codes = context.codes
    if command.liability not in codes.liabilities:
        allowed = {"allowed": ", ".join(codes.liabilities)}
        yield Problem("/liability", "unknown-code", allowed)
    yield from _remedy_problems(command, dispute, context)
    yield from _reason_problems(command, dispute)
    if command.automation is not Automation.NONE and not command.model:
        yield Problem("/model", "required", {"for": command.automation})


def _remedy_problems(
    command: Rule, dispute: Dispute, context: Context
) -> Iterator[Problem]:
    codes = context.codes
    if not command.remedies:
        yield Problem("/remedies", "required")
    for number, terms in enumerate(command.remedies):
        at = f"/remedies/{number}"
        yield from terms_problems(terms, at, codes, codes.remedies, dispute.paid)
        known = codes.remedies.get(terms.kind)
        grants_nothing = known is not None and not known.obligations
        if grants_nothing and len(command.remedies) > 1:
            yield Problem(f"{at}/kind", "stands-alone", {"kind": terms.kind})
    yield from _total_problems(command, dispute)


def _total_problems(command: Rule, dispute: Dispute) -> Iterator[Problem]:
    """Yield a problem if all money together is above the claim's amount."""
    claimed = dispute.claim.amount if dispute.claim else None
    amounts = [terms.amount for terms in command.remedies if terms.amount]
    if claimed is None or any(one.currency != claimed.currency for one in amounts):
        return
    if sum(one.amount for one in amounts) > claimed.amount:
        limit = {"limit": str(claimed), "currency": claimed.currency}
        yield Problem("/remedies", "above-claim", limit)


def _reason_problems(command: Rule, dispute: Dispute) -> Iterator[Problem]:
    if not command.reasons:
        yield Problem("/reasons", "required")
    known = {exhibit.number for exhibit in dispute.exhibits}
    for number, reason in enumerate(command.reasons):
        for name in ("relied_on", "set_aside"):
            if missing := set(getattr(reason, name)) - known:
                cited = ", ".join(map(str, sorted(missing)))
                place = f"/reasons/{number}/{name}"
                yield Problem(place, "no-such-evidence", {"cited": cited})
