"""Values that occur in many parts of a case: money, terms, reasons."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from application.record.envelope import Precision, Recorded
from application.texts import written_in
from domain import money
from domain.roles import Party
from domain.ruling.reasons import Reason, RuleCited
from domain.terms import Terms


class Shown(Struct, frozen=True, kw_only=True):
    """Something shown to a client; what is not there is null."""


class MoneyShown(Struct, frozen=True):
    """An amount as a decimal text."""

    amount: str
    currency: str

    @classmethod
    def of(cls, minor: int, currency: str) -> MoneyShown:
        """Return minor units of a currency as a decimal text."""
        return cls(str(money.Money(minor, currency)), currency)


class TermsShown(Shown, frozen=True, kw_only=True):
    """What is claimed, offered or ruled."""

    kind: str
    amount: MoneyShown | None = None
    freight: Party | None = None


class ReasonShown(Shown, frozen=True, kw_only=True):
    """One step of the reasoning; `language`: in which it was written, zh or en."""

    issue: str
    finding: str
    rule: dict[str, str]
    relied_on: tuple[int, ...] = ()
    set_aside: tuple[int, ...] = ()
    burden: Party | None = None
    language: str | None = None


def shown_money(amount: money.Money | None) -> MoneyShown | None:
    """Return an amount as clients are shown it."""
    return None if amount is None else MoneyShown.of(amount.amount, amount.currency)


def shown_terms(terms: Terms | None) -> TermsShown | None:
    """Return terms as clients are shown them."""
    if terms is None:
        return None
    return TermsShown(
        kind=terms.kind, amount=shown_money(terms.amount), freight=terms.freight
    )


def terms_shown(terms: Iterable[Terms]) -> tuple[TermsShown, ...]:
    """Return remedies as clients are shown them."""
    shown = (shown_terms(one) for one in terms)
    return tuple(one for one in shown if one is not None)


def reasons_shown(reasons: Iterable[Reason]) -> tuple[ReasonShown, ...]:
    """Return reasons as clients are shown them."""
    return tuple(
        ReasonShown(
            issue=reason.issue,
            finding=reason.finding,
            rule=cited(reason.rule),
            relied_on=reason.relied_on,
            set_aside=reason.set_aside,
            burden=reason.burden,
            language=written_in(f"{reason.issue} {reason.finding}"),
        )
        for reason in reasons
    )


def cited(rule: RuleCited) -> dict[str, str]:
    """Return a rule as it is cited."""
    shown = {"id": rule.id, "version": rule.version}
    return shown | ({"article": rule.article} if rule.article else {})


def precision(recorded: Recorded) -> Precision | None:
    """Return how exactly an imported source tells the time, None for our own events."""
    return recorded.imported.precision if recorded.imported else None
