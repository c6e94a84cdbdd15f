"""The lake's tables of rulings and of their reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from application.record.envelope import Recorded
from domain.appeal.events import AppealDecided
from domain.identifiers import Identifying
from domain.ruling.events import Ruled
from projections.lake.case_rows import OfCase
from projections.lake.lake_row import MINOR, CaseHistory, told


class RulingRow(OfCase, frozen=True, kw_only=True):
    """A decision of a case: a ruling, or a decision on an appeal."""

    number: Annotated[int, told("The decision's number in its case")]
    kind: Annotated[str, told("What it is", "ruled or appeal-decided", codes="events")]
    version: Annotated[int, told("The event that it is", source="events.version")]
    at: Annotated[datetime, told("When it was made", "UTC")]
    decided_by: Annotated[str | None, told("Who decided", "pseudonym"), Identifying]
    approved_by: Annotated[
        str | None, told("Who approved it", "pseudonym", "ruled"), Identifying
    ]
    automation: Annotated[
        str | None, told("A machine's part", "code", "ruled", codes="automation")
    ]
    model: Annotated[str | None, told("Which machine", "name", "ruled")]
    result: Annotated[
        str | None,
        told(
            "What became of the first", "code", "appeal-decided", codes="appeal-results"
        ),
    ]
    liability: Annotated[str | None, told("Who is liable", "code", codes="liabilities")]
    remedies: Annotated[list[str], told("What is ruled", "codes", codes="remedies")]
    awarded: Annotated[int | None, told("How much money", MINOR)]
    currency: Annotated[str | None, told("In which currency", "ISO 4217")]


class ReasonRow(OfCase, frozen=True, kw_only=True):
    """A reason of a decision: the rule that it rests on, and the evidence."""

    ruling: Annotated[int, told("The decision", source="rulings.number")]
    number: Annotated[int, told("The reason's number in its decision")]
    rule: Annotated[str, told("The rule's id", source="rules.rule")]
    rule_version: Annotated[str, told("The rule's version", source="rules.version")]
    article: Annotated[str | None, told("The article of the rule")]
    burden: Annotated[
        str | None, told("Who had to prove", "buyer or seller", codes="parties")
    ]
    relied_on: Annotated[list[int], told("Evidence it rests on", "evidence.number")]
    set_aside: Annotated[list[int], told("Evidence set aside", "evidence.number")]


def _decisions(
    of: CaseHistory,
) -> Iterator[tuple[int, Recorded, Ruled | AppealDecided]]:
    number = 0
    for one in of.placed:
        event = one.recorded.event
        if isinstance(event, Ruled | AppealDecided):
            number += 1
            yield number, one.recorded, event


def ruling_rows(of: CaseHistory) -> Iterator[RulingRow]:
    """Yield the decisions of a case."""
    for number, recorded, event in _decisions(of):
        amounts = [one.amount for one in event.remedies if one.amount]
        ruled = event if isinstance(event, Ruled) else None
        yield RulingRow(
            **of.place,
            number=number,
            kind="ruled" if ruled else "appeal-decided",
            version=recorded.version,
            at=recorded.at,
            decided_by=event.decided_by or recorded.actor.id,
            approved_by=ruled.approved_by if ruled else None,
            automation=ruled.automation if ruled else None,
            model=ruled.model if ruled else None,
            result=event.result if isinstance(event, AppealDecided) else None,
            liability=event.liability,
            remedies=[one.kind for one in event.remedies],
            awarded=sum(one.amount for one in amounts) if amounts else None,
            currency=amounts[0].currency if amounts else None,
        )


def reason_rows(of: CaseHistory) -> Iterator[ReasonRow]:
    """Yield the reasons of the decisions of a case."""
    for ruling, _, event in _decisions(of):
        for number, reason in enumerate(event.reasons, 1):
            yield ReasonRow(
                **of.place,
                ruling=ruling,
                number=number,
                rule=reason.rule.id,
                rule_version=reason.rule.version,
                article=reason.rule.article,
                burden=reason.burden,
                relied_on=list(reason.relied_on),
                set_aside=list(reason.set_aside),
            )
