"""The kinds of fields that requests are made of, bounded and described."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from domain import money
from domain.case.command import Command
from domain.refusals import Invalid, Problem
from domain.roles import Party
from domain.ruling.reasons import Reason, RuleCited
from domain.terms import Terms
from interface.api.commands.id_fields import ID
from interface.api.openapi.text_forms import AMOUNT, CURRENCY
from interface.callers.caller import Caller

Id = Annotated[str, ID]
SAYS = r"^(?=\s*\S)[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$"
"""Texts that are not blank, without control characters but tabs and line ends:
PostgreSQL takes no NUL, and a terminal or a page may act on the others."""

Text = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=5_000,
        pattern=SAYS,
        description="1-5,000 characters.",
    ),
]
Facts = Annotated[
    str,
    Meta(
        max_length=5_000,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
        description=(
            "What happened, in up to 5,000 characters. How much has to be said at least"
            " is in the policy (`facts_minimum`); less is refused with 422."
        ),
    ),
]
Code = Annotated[
    str,
    Meta(min_length=1, max_length=64, description="A code; GET /v1/codes lists them."),
]
Time = Annotated[datetime, Meta(tz=True, description="RFC 3339, with its offset.")]
Number = Annotated[int, Meta(ge=1, le=1_000_000)]
# https only: who reads the case follows the link, or sees it fetched.
Link = Annotated[
    str,
    Meta(
        max_length=2_000,
        pattern=r"^https://[!-~]+$(?!\n)",
        description="An https link; other characters percent-encoded.",
    ),
]
Reference = Annotated[str, Meta(min_length=1, max_length=200)]
Side = Literal["buyer", "seller"]


def utc(moment: datetime | None, at: str) -> datetime | None:
    """Return a time in UTC. Raises Invalid, naming the place, where UTC has no year."""
    try:
        return None if moment is None else moment.astimezone(UTC)
    except OverflowError:
        # Such as the first hours of year 1 east of Greenwich.
        raise Invalid([Problem(at, "outside-years")]) from None


class Body(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request carries; its fields are those of the command, one to one."""

    def command(self, kind: type[Command], caller: Caller, **item: int) -> Command:
        """Return the command, with money in minor units; `item` comes from the path.

        Raises Invalid, naming the place of what is no amount.
        """
        del caller
        fields = {
            name: _inside(getattr(self, name), f"/{name}")
            for name in self.__struct_fields__
        }
        return kind(**fields, **item)


class Part(Body, frozen=True, kw_only=True):
    """A part of a body for which the domain has a type of its own."""

    def inside(self, at: str) -> Any:
        """Return the domain's value. Raises Invalid, naming the place `at`."""
        raise NotImplementedError


def _inside(value: Any, at: str) -> Any:
    match value:
        case Part():
            return value.inside(at)
        case tuple():
            return tuple(_inside(one, f"{at}/{n}") for n, one in enumerate(value))
        # Bodies list the parties that fit as Literals; the command has the enumeration.
        case "buyer" | "seller" | "platform" | "both" if at == "/party":
            return Party(value)
        case _:
            return value


class MoneyBody(Part, frozen=True, kw_only=True):
    """An amount such as {"amount": "129.00", "currency": "CNY"}."""

    amount: Annotated[
        str,
        Meta(
            max_length=20,
            description="A plain decimal, not negative.",
            extra_json_schema=AMOUNT,
        ),
    ]
    currency: Annotated[
        str,
        Meta(max_length=3, description="ISO 4217.", extra_json_schema=CURRENCY),
    ]

    def inside(self, at: str) -> money.Money:
        """Return integer minor units. Raises Invalid, naming the place."""
        try:
            return money.parse(self.amount, self.currency)
        except ValueError as error:
            code = str(error)
            field = "currency" if code == "currency-code" else "amount"
            limit = {"limit": f"{money.LARGEST:,}"}
            raise Invalid([Problem(f"{at}/{field}", code, limit)]) from None


class TermsBody(Part, frozen=True, kw_only=True):
    """What is claimed, offered or ruled."""

    kind: Code
    amount: MoneyBody | None = None
    freight: Literal["buyer", "seller"] | None = None

    def inside(self, at: str) -> Terms:
        """Return the terms with their amount in minor units."""
        return Terms(
            kind=self.kind,
            amount=self.amount.inside(f"{at}/amount") if self.amount else None,
            freight=Party(self.freight) if self.freight else None,
        )


class RuleBody(Part, frozen=True, kw_only=True):
    """A rule that is cited, in its version."""

    id: Id
    version: Id
    article: Id

    def inside(self, _: str) -> RuleCited:
        """Return the citation."""
        return RuleCited(id=self.id, version=self.version, article=self.article)


class ReasonBody(Part, frozen=True, kw_only=True):
    """One step of the reasoning; evidence is cited by number."""

    issue: Text
    finding: Text
    rule: RuleBody
    relied_on: Annotated[tuple[Number, ...], Meta(max_length=100)] = ()
    set_aside: Annotated[tuple[Number, ...], Meta(max_length=100)] = ()
    burden: Side | None = None

    def inside(self, at: str) -> Reason:
        """Return the reason."""
        return Reason(
            issue=self.issue,
            finding=self.finding,
            rule=self.rule.inside(f"{at}/rule"),
            relied_on=self.relied_on,
            set_aside=self.set_aside,
            burden=Party(self.burden) if self.burden else None,
        )


Remedies = Annotated[tuple[TermsBody, ...], Meta(max_length=10)]
Reasons = Annotated[tuple[ReasonBody, ...], Meta(max_length=20)]

MONEY_EXAMPLE = {"amount": "129.00", "currency": "CNY"}
REFUND_EXAMPLE = {"kind": "refund", "amount": MONEY_EXAMPLE}
REASON_EXAMPLE = {
    "issue": "Was it defective?",
    "finding": "The inspection found a crack.",
    "rule": {"id": "proof", "version": "1", "article": "hidden-defect"},
}
