"""The union of all events, by which they are stored and read."""

from __future__ import annotations

from typing import TypeAlias

from domain.events.clocks import (
    ClocksPaused,
    ClocksResumed,
    DeadlineExtended,
    DeadlineMissed,
    NoticeServed,
    Resumed,
    Suspended,
    SuspensionProved,
    SuspensionRequested,
)
from domain.events.filing import (
    Admitted,
    Filed,
    MediatorAssigned,
    MediatorRecused,
    ReferredToAuthority,
    Refused,
    Withdrawn,
)
from domain.events.investigation import (
    BurdenAssigned,
    Escalated,
    EvidenceAssessed,
    EvidenceClosed,
    EvidenceHandedIn,
    EvidenceRequested,
    EvidenceSubmitted,
    InquiryAnswered,
    InquirySent,
)
from domain.events.negotiation import (
    MessagePosted,
    OfferAccepted,
    OfferDeclined,
    OfferLapsed,
    OfferMade,
    SellerResponded,
)
from domain.events.performance import (
    AdvanceRecovered,
    Closed,
    Defaulted,
    EnforcementExecuted,
    EnforcementFailed,
    EnforcementOrdered,
    Fulfilled,
    FulfilmentContested,
    ObligationConfirmed,
)
from domain.events.privacy import (
    LegalHoldLifted,
    LegalHoldPlaced,
    Restricted,
    RestrictionLifted,
    SubjectErased,
)
from domain.events.ruling import (
    AppealDecided,
    AppealFiled,
    AppealRefused,
    HumanReviewRequested,
    Ruled,
    RulingDrafted,
)
from domain.events.sanctions import SanctionImposed, SanctionLifted, SanctionPublished

FilingEvent: TypeAlias = (
    Filed
    | Admitted
    | Refused
    | ReferredToAuthority
    | Withdrawn
    | MediatorAssigned
    | MediatorRecused
)
NegotiationEvent: TypeAlias = (
    SellerResponded
    | MessagePosted
    | OfferMade
    | OfferAccepted
    | OfferDeclined
    | OfferLapsed
)
InvestigationEvent: TypeAlias = (
    Escalated
    | EvidenceRequested
    | EvidenceSubmitted
    | EvidenceHandedIn
    | EvidenceClosed
    | EvidenceAssessed
    | BurdenAssigned
    | InquirySent
    | InquiryAnswered
)
RulingEvent: TypeAlias = (
    RulingDrafted
    | Ruled
    | HumanReviewRequested
    | AppealFiled
    | AppealRefused
    | AppealDecided
)
PerformanceEvent: TypeAlias = (
    Fulfilled
    | FulfilmentContested
    | ObligationConfirmed
    | Defaulted
    | EnforcementOrdered
    | EnforcementExecuted
    | EnforcementFailed
    | AdvanceRecovered
    | Closed
)
ClockEvent: TypeAlias = (
    NoticeServed
    | DeadlineMissed
    | DeadlineExtended
    | ClocksPaused
    | ClocksResumed
    | SuspensionRequested
    | Suspended
    | SuspensionProved
    | Resumed
)
SanctionEvent: TypeAlias = SanctionImposed | SanctionPublished | SanctionLifted
PrivacyEvent: TypeAlias = (
    LegalHoldPlaced | LegalHoldLifted | Restricted | RestrictionLifted | SubjectErased
)

DisputeEvent: TypeAlias = (
    FilingEvent
    | NegotiationEvent
    | InvestigationEvent
    | RulingEvent
    | PerformanceEvent
    | ClockEvent
    | SanctionEvent
    | PrivacyEvent
)
