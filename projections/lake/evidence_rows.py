"""The lake's table of evidence: what was handed in, and how it was weighed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec.structs import replace

from domain.appeal.events import AppealDecided
from domain.evidence.events import (
    EvidenceAssessed,
    EvidenceHandedIn,
    EvidenceSubmitted,
)
from domain.ruling.events import Ruled
from projections.lake.case_rows import OfCase
from projections.lake.lake_row import CaseHistory, told


class EvidenceRow(OfCase, frozen=True, kw_only=True):
    """A piece of evidence in a case."""

    number: Annotated[int, told("Its number in the case", "", "evidence-submitted")]
    by: Annotated[
        str, told("Whose it is", "buyer, seller or platform", codes="parties")
    ]
    kind: Annotated[
        str, told("What it is", "code", "evidence-submitted", codes="evidence")
    ]
    media_type: Annotated[str, told("The file's type", "media type")]
    size: Annotated[int, told("The file's size", "bytes", "evidence-submitted")]
    submitted_at: Annotated[datetime, told("When it was received", "UTC")]
    draft: Annotated[bool, told("Only its own side sees it so far")]
    missing: Annotated[bool, told("Imported without the file")]
    assessed_at: Annotated[
        datetime | None, told("When it was weighed", "UTC", "evidence-assessed")
    ]
    authentic: Annotated[bool | None, told("Found genuine", "", "evidence-assessed")]
    relevant: Annotated[bool | None, told("Found to matter", "", "evidence-assessed")]
    legal: Annotated[bool | None, told("Found lawfully got", "", "evidence-assessed")]
    admitted: Annotated[bool | None, told("Admitted", "", "evidence-assessed")]
    relied_on: Annotated[bool, told("A decision rests on it", "", "ruled")]


def evidence_rows(of: CaseHistory) -> Iterator[EvidenceRow]:
    """Yield the evidence of a case."""
    # An imported history may weigh what it has not told of.
    rows: dict[int, EvidenceRow] = {}
    for one in of.placed:
        recorded = one.recorded
        match recorded.event:
            case EvidenceSubmitted() as event:
                rows[event.number] = _submitted(of, event, recorded.at)
            case EvidenceHandedIn(number=number) if number in rows:
                rows[number] = replace(rows[number], draft=False)
            case EvidenceAssessed(number=number) as event if number in rows:
                rows[number] = replace(
                    rows[number],
                    assessed_at=recorded.at,
                    authentic=event.authentic,
                    relevant=event.relevant,
                    legal=event.legal,
                    admitted=event.admitted,
                )
            case Ruled(reasons=reasons) | AppealDecided(reasons=reasons):
                for number in {each for one in reasons for each in one.relied_on}:
                    if number in rows:
                        rows[number] = replace(rows[number], relied_on=True)
            case _:
                pass
    yield from rows.values()


def _submitted(of: CaseHistory, event: EvidenceSubmitted, at: datetime) -> EvidenceRow:
    return EvidenceRow(
        **of.place,
        number=event.number,
        by=event.by,
        kind=event.kind,
        media_type=event.media_type,
        size=event.size,
        submitted_at=at,
        draft=event.draft,
        missing=event.missing,
        assessed_at=None,
        authentic=None,
        relevant=None,
        legal=None,
        admitted=None,
        relied_on=False,
    )
