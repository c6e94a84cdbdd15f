"""The table of deadlines: one row for each thing that a party can be awaited to do."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from domain.admission.events import Admitted, ReferredToAuthority, Refused
from domain.appeal.events import AppealDecided, AppealFiled, AppealRefused
from domain.case.event import Event
from domain.deadlines.deadline import Awaited
from domain.deadlines.events import ClocksResumed
from domain.deadlines.time_limits import LimitName
from domain.enforcement.events import EnforcementExecuted, EnforcementFailed
from domain.escalation.events import Escalated
from domain.evidence.events import EvidenceClosed
from domain.inquiries.events import InquiryAnswered
from domain.negotiation.events import OfferAccepted, OfferDeclined, SellerResponded
from domain.performance.events import (
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
)
from domain.ruling.events import Ruled
from domain.sanctions.events import SanctionPublished
from domain.suspension.events import Resumed, SuspensionProved

POLICY = "policy"
"""What silence leads to is said by the policy profile."""


class Row(Struct, frozen=True, kw_only=True):
    """What holds for every deadline of one kind.

    `limit`: the policy's time limit, None where the obligation names its own.
    `met_by`: the events that are what was awaited, not merely what makes it void.
    `silence`: in a word, what follows when nobody does it. `still_awaited`: it has to
    be done even after it was missed. `is_right`: its party may do it and need not.
    `unstopped`: it runs on while everything else of a case stands still.
    `in_standstill`: once missed, it can be done while the case stands still.
    """

    limit: LimitName | None
    met_by: tuple[type[Event], ...]
    silence: str = "recorded"
    still_awaited: bool = False
    is_right: bool = False
    unstopped: bool = False
    in_standstill: bool = False


# What the platform has to do stays awaited when it is late, because nobody else can do
# it; the silence of a party leads on to another step.
DEADLINES: Mapping[Awaited, Row] = {
    Awaited.ADMISSION: Row(
        limit=LimitName.ADMISSION, met_by=(Admitted, Refused), still_awaited=True
    ),
    Awaited.RESPONSE: Row(
        limit=LimitName.RESPONSE, met_by=(SellerResponded,), silence=POLICY
    ),
    Awaited.NEGOTIATION: Row(
        limit=LimitName.NEGOTIATION, met_by=(OfferAccepted,), silence=POLICY
    ),
    Awaited.ESCALATION: Row(
        limit=LimitName.ESCALATION, met_by=(Escalated,), silence=POLICY, is_right=True
    ),
    Awaited.OFFER_ANSWER: Row(
        limit=LimitName.OFFER_ANSWER,
        met_by=(OfferAccepted, OfferDeclined),
        silence="lapses",
    ),
    Awaited.EVIDENCE: Row(
        limit=LimitName.EVIDENCE, met_by=(EvidenceClosed,), silence="evidence-closes"
    ),
    Awaited.INQUIRY: Row(limit=LimitName.INQUIRY, met_by=(InquiryAnswered,)),
    Awaited.INSPECTION: Row(
        limit=LimitName.INSPECTION_PAUSE,
        met_by=(ClocksResumed,),
        silence="clocks-resume",
    ),
    Awaited.RULING: Row(limit=LimitName.RULING, met_by=(Ruled,), still_awaited=True),
    Awaited.PERFORMANCE: Row(
        limit=None, met_by=(Fulfilled, ObligationConfirmed), silence="default"
    ),
    Awaited.VOLUNTARY: Row(
        limit=LimitName.VOLUNTARY,
        met_by=(Fulfilled, ObligationConfirmed),
        silence="enforcement",
    ),
    Awaited.CONFIRMATION: Row(
        limit=LimitName.CONFIRMATION,
        met_by=(ObligationConfirmed, FulfilmentContested),
        silence="deemed",
    ),
    Awaited.ENFORCEMENT: Row(
        limit=LimitName.ENFORCEMENT,
        met_by=(EnforcementExecuted, EnforcementFailed, Fulfilled),
        still_awaited=True,
    ),
    # 4.4: seven natural days from service, also while the case is closed.
    Awaited.APPEAL: Row(
        limit=LimitName.APPEAL, met_by=(AppealFiled,), is_right=True, unstopped=True
    ),
    Awaited.APPEAL_DECISION: Row(
        limit=LimitName.APPEAL_DECISION,
        met_by=(AppealDecided, AppealRefused),
        still_awaited=True,
        in_standstill=True,
    ),
    Awaited.SUSPENSION: Row(
        limit=LimitName.SUSPENSION, met_by=(Resumed,), silence="resumes"
    ),
    Awaited.SUSPENSION_PROOF: Row(
        limit=LimitName.SUSPENSION_PROOF, met_by=(SuspensionProved,), silence="resumes"
    ),
    Awaited.SUSPENSION_REVIEW: Row(
        limit=LimitName.SUSPENSION_REVIEW,
        met_by=(Resumed, ReferredToAuthority),
        still_awaited=True,
        in_standstill=True,
    ),
    # 4.4: the public waits for it, whatever becomes of the case.
    Awaited.PUBLICATION: Row(
        limit=LimitName.SANCTION_PUBLICATION,
        met_by=(SanctionPublished,),
        still_awaited=True,
        unstopped=True,
        in_standstill=True,
    ),
}
