"""The lake's table of cases: a row each, with its milestones, outcome and money."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import structs

from domain.case_number import case_number
from domain.filing.events import Filed
from domain.identifiers import Identifying
from domain.roles import Party
from projections.lake.lake_row import MINOR, CaseHistory, LakeRow, told

MICROSECONDS = "microseconds"


class OfCase(LakeRow, frozen=True, kw_only=True):
    """A row that belongs to a case, as the case stood after an event of it."""

    case: Annotated[UUID, told("The case's id")]
    position: Annotated[
        int, told("The case's last event that the row knows", source="events.position")
    ]
    bucket: Annotated[int, told("The part of the table that the case is in")]


class MilestoneRow(OfCase, frozen=True, kw_only=True):
    """The milestones of a case. A time is UTC; none: not reached, or not known."""

    platform: Annotated[str, told("The marketplace", "id", "filed")]
    system: Annotated[str, told("The system that it was imported from; empty: none")]
    zone: Annotated[str, told("Where days begin for the case", "IANA time zone")]
    channel: Annotated[
        str, told("Where it was filed", "code", "filed", codes="channels")
    ]
    category: Annotated[
        str, told("What it is about", "code", "filed", codes="categories")
    ]
    reason: Annotated[
        str, told("What it is about, more exactly", "code", "filed", codes="reasons")
    ]
    policy: Annotated[str | None, told("The policy that it is decided by", "id")]
    seller: Annotated[str | None, told("The seller", "pseudonym", "filed"), Identifying]
    extra: Annotated[str | None, told("What an import says besides", "JSON", "filed")]
    opened_at: Annotated[datetime | None, told("When it was filed", "UTC", "filed")]
    admitted_at: Annotated[
        datetime | None, told("When it was last admitted", "UTC", "admitted")
    ]
    admission_at: Annotated[
        datetime | None, told("First admitted or refused", "UTC", "admitted, refused")
    ]
    admission_missed: Annotated[
        bool, told("The platform was late to admit or refuse", "", "deadline-missed")
    ]
    refused_on: Annotated[
        str | None, told("The ground of refusal", "code", "refused", codes="grounds")
    ]
    referred_to: Annotated[
        str | None,
        told("The authority it was referred to", "code", "referred", codes="routes"),
    ]
    notified: Annotated[bool, told("The seller was told of it", "", "notice-served")]
    notified_at: Annotated[
        datetime | None, told("When the seller was told", "UTC", "notice-served")
    ]
    answered: Annotated[bool, told("The seller answered", "", "seller-responded")]
    answered_at: Annotated[
        datetime | None, told("When the seller answered", "UTC", "seller-responded")
    ]
    position_taken: Annotated[
        str | None,
        told("What the seller answered", "code", "seller-responded", codes="positions"),
    ]
    response_missed: Annotated[
        bool, told("The seller's time to answer passed", "", "deadline-missed")
    ]
    offers: Annotated[int, told("Offers that were made", "offers", "offer-made")]
    agreed_at: Annotated[
        datetime | None, told("When both agreed", "UTC", "offer-accepted")
    ]
    escalated: Annotated[bool, told("The platform stepped in", "", "escalated")]
    escalated_at: Annotated[
        datetime | None, told("When the platform stepped in", "UTC", "escalated")
    ]
    escalated_on: Annotated[
        str | None, told("Why it did", "code", "escalated", codes="triggers")
    ]
    ruled_at: Annotated[datetime | None, told("When it was ruled on", "UTC", "ruled")]
    ruling_missed: Annotated[bool, told("The ruling was late", "", "deadline-missed")]
    decider: Annotated[
        str | None, told("Who refused or ruled", "pseudonym", "ruled"), Identifying
    ]
    liability: Annotated[
        str | None,
        told("Who is liable, as it holds now", "code", "ruled", codes="liabilities"),
    ]
    remedies: Annotated[
        str | None,
        told("What was ruled", "codes, by spaces", "ruled", codes="remedies"),
    ]
    automation: Annotated[
        str | None, told("A machine's part in it", "code", "ruled", codes="automation")
    ]
    reviewed: Annotated[bool, told("A human was asked to decide again")]
    review_result: Annotated[
        str | None,
        told(
            "What the review changed",
            "upheld or changed",
            "ruled",
            codes="review-results",
        ),
    ]
    appealed_at: Annotated[
        datetime | None, told("When it was first appealed", "UTC", "appeal-filed")
    ]
    appeal_decided_at: Annotated[
        datetime | None, told("When the appeal was decided", "UTC", "appeal-decided")
    ]
    appeal_result: Annotated[
        str | None,
        told("What became of it", "code", "appeal-decided", codes="appeal-results"),
    ]
    appeal_decider: Annotated[
        str | None, told("Who decided it", "pseudonym", "appeal-decided"), Identifying
    ]
    ruled_liability: Annotated[
        str | None,
        told("Who is liable, as it was ruled", "code", "ruled", codes="liabilities"),
    ]
    cited: Annotated[
        str | None, told("What was decided by", "rules, by spaces", "ruled, refused")
    ]
    evidence: Annotated[
        str | None,
        told("Evidence at the ruling", "codes, by spaces", "ruled", codes="evidence"),
    ]
    appealed_decider: Annotated[
        str | None, told("Who decided before the appeal", "pseudonym"), Identifying
    ]
    appealed_cited: Annotated[
        str | None, told("What was decided by before it", "rules, by spaces")
    ]
    seller_appealed_at: Annotated[
        datetime | None, told("When the seller last appealed", "UTC", "appeal-filed")
    ]
    appeal_refused_at: Annotated[
        datetime | None, told("When an appeal was refused", "UTC", "appeal-refused")
    ]
    performance_missed: Annotated[bool, told("Performance was late")]
    confirmed_by_silence: Annotated[bool, told("Silence confirmed what was done")]
    defaulted: Annotated[bool, told("Something owed was not done", "", "defaulted")]
    suspended: Annotated[bool, told("It was suspended once", "", "suspended")]
    platform_missed: Annotated[bool, told("The platform missed a limit")]
    closed: Annotated[bool, told("It is closed", "", "closed")]
    closed_at: Annotated[datetime | None, told("When it was closed", "UTC", "closed")]
    outcome: Annotated[
        str | None, told("How it ended", "code", "closed", codes="outcomes")
    ]
    claim: Annotated[
        str | None,
        told(
            "What the buyer got of the claim", "met, partly or not-met", codes="claims"
        ),
    ]
    number: Annotated[int, told("How often the same issue was filed", "cases", "filed")]
    sanctions: Annotated[int, told("Sanctions imposed", "sanctions")]
    sanction_kinds: Annotated[
        str | None, told("Their kinds", "codes, by spaces", codes="sanctions")
    ]
    owed: Annotated[bool, told("Something was agreed or ruled to be owed")]
    claimed: Annotated[int | None, told("Claimed", MINOR, "filed")]
    awarded: Annotated[int | None, told("Agreed or ruled", MINOR)]
    paid: Annotated[int, told("What the buyer has received", MINOR)]
    unpaid: Annotated[int, told("What the seller still owes", MINOR)]
    advanced: Annotated[int, told("Paid by the platform in advance", MINOR)]
    recovered: Annotated[int, told("Got back of that from the seller", MINOR)]
    currency: Annotated[str | None, told("The case's currency", "ISO 4217")]


class CaseRow(MilestoneRow, frozen=True, kw_only=True):
    """A case: its milestones, how long it stood still, and who was late."""

    case_number: Annotated[str, told("The number that people quote", "20 digits")]
    phase: Annotated[str, told("Where it stands", "code", codes="phases")]
    buyer: Annotated[str | None, told("The buyer", "pseudonym", "filed"), Identifying]
    order: Annotated[str | None, told("The order", "pseudonym", "filed"), Identifying]
    events: Annotated[int, told("How many events it has", "events")]
    set_aside: Annotated[
        bool,
        told("Set aside with its import", "", "import-withdrawn"),
    ]
    pauses: Annotated[int, told("Pauses that go on", "pauses")]
    paused_since: Annotated[datetime | None, told("Since when it rests", "UTC")]
    paused: Annotated[int | None, told("How long it stood still", MICROSECONDS)]
    admission_paused: Annotated[int | None, told("… until admission_at", MICROSECONDS)]
    notified_paused: Annotated[int | None, told("… until notified_at", MICROSECONDS)]
    answered_paused: Annotated[int | None, told("… until answered_at", MICROSECONDS)]
    agreed_paused: Annotated[int | None, told("… until agreed_at", MICROSECONDS)]
    escalated_paused: Annotated[int | None, told("… until escalated_at", MICROSECONDS)]
    ruled_paused: Annotated[int | None, told("… until ruled_at", MICROSECONDS)]
    appealed_paused: Annotated[int | None, told("… until appealed_at", MICROSECONDS)]
    appeal_decided_paused: Annotated[
        int | None, told("… until appeal_decided_at", MICROSECONDS)
    ]
    closed_paused: Annotated[int | None, told("… until closed_at", MICROSECONDS)]
    late_buyer: Annotated[float, told("The buyer's delays together", "seconds")]
    late_buyer_net: Annotated[float, told("Less what stood still", "seconds")]
    late_seller: Annotated[float, told("The seller's delays together", "seconds")]
    late_seller_net: Annotated[float, told("Less what stood still", "seconds")]
    late_platform: Annotated[float, told("The platform's delays together", "seconds")]
    late_platform_net: Annotated[float, told("Less what stood still", "seconds")]


RENAMED = {"position": "position_taken"}
"""Columns of figures that are called otherwise here: `position` is the ledger's."""


def case_rows(of: CaseHistory) -> Iterator[CaseRow]:
    """Yield the row of a case."""
    first = of.placed[0].recorded
    filed = first.event if isinstance(first.event, Filed) else None
    figures = structs.asdict(of.figures)
    del figures["case_id"]
    named = {RENAMED.get(name, name): value for name, value in figures.items()}
    yield CaseRow(
        **of.place,
        **named,
        **_late(of),
        case_number=case_number(of.case, first.at),
        phase=of.dispute.phase,
        buyer=filed.buyer if filed else None,
        order=filed.order if filed else None,
        events=len(of.placed),
        set_aside=of.dispute.set_aside,
    )


def _late(of: CaseHistory) -> dict[str, Any]:
    """Sum how late each side was, of what it has done by now, gross and net."""
    found: dict[str, Any] = {}
    for side in (Party.BUYER, Party.SELLER, Party.PLATFORM):
        own = [one for one in of.limits if one.party in {side, Party.BOTH}]
        found[f"late_{side}"] = sum(one.late or 0.0 for one in own)
        found[f"late_{side}_net"] = sum(one.late_net or 0.0 for one in own)
    return found
