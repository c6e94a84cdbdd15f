"""What the API of Redress sends and takes: written from its OpenAPI document.

Do not edit: `CLIENT=write pytest tests/clients/test_client_package.py` writes it anew.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

__all__ = (
    "UNSET",
    "date",
    "Code",
    "AccessPage",
    "AccessShown",
    "Account",
    "ActionShown",
    "Actor",
    "ActorShown",
    "AddedDays",
    "AdmissionBody",
    "AlikeCases",
    "Alikeness",
    "ApiKeyBody",
    "ApiKeyMade",
    "ApiKeyShown",
    "ApiKeysPage",
    "AppealBody",
    "AppealDecisionBody",
    "AppealGround",
    "AppealRefusalBody",
    "AppealResult",
    "AppealShown",
    "ArticleShown",
    "AssessmentBody",
    "AssessmentShown",
    "AssigneeShown",
    "AssignmentBody",
    "AttachmentShown",
    "Attempt",
    "Automation",
    "Awaited",
    "Bilingual",
    "BurdenBody",
    "BurdenShown",
    "BuyerCase",
    "By",
    "CaseCounted",
    "CaseListed",
    "CaseRuled",
    "CaseShown",
    "CasesPage",
    "Category",
    "Change",
    "ChangeShown",
    "Channel",
    "ClaimResult",
    "ClockBody",
    "ClockShown",
    "CodesShown",
    "Consistency",
    "ConsistencyReport",
    "ContactBody",
    "ContactShown",
    "ContestBody",
    "CorrectionShown",
    "CountedPage",
    "CountsShown",
    "Deadline",
    "DeadlineShown",
    "Decision",
    "DeclineBody",
    "DeliveriesPage",
    "DeliveryShown",
    "DeliveryState",
    "DeliveryWhole",
    "Difference",
    "DifferenceShown",
    "Dispute",
    "DraftBody",
    "DraftShown",
    "Duty",
    "Edition",
    "EditionsPage",
    "EligibilityShown",
    "EndorsedKey",
    "Enforcement",
    "EnforcementBody",
    "EnforcementFailureBody",
    "EnforcementShown",
    "Entry",
    "ErasureBody",
    "ErasureShown",
    "ErasuresPage",
    "EscalationBody",
    "EscalationShown",
    "EventMessage",
    "EventProof",
    "EvidenceRequestBody",
    "EvidenceRequestShown",
    "EvidenceShown",
    "ExecutionBody",
    "Exhibit",
    "Extension",
    "ExtensionBody",
    "FactFound",
    "FactShown",
    "FactsPage",
    "Fault",
    "Field",
    "Figure",
    "FigureUnit",
    "FilingBody",
    "FulfilmentBody",
    "Grant",
    "GrantBody",
    "GrantsPage",
    "Group",
    "HandoverShown",
    "HeadProof",
    "Health",
    "History",
    "Hold",
    "HoldBody",
    "HoldLiftingBody",
    "ImportShown",
    "Imported",
    "ImportedFile",
    "ImportsPage",
    "Inquiry",
    "InquiryAnswerBody",
    "InquiryBody",
    "InquiryShown",
    "KeyEndsPage",
    "Label",
    "Language",
    "LateCount",
    "Lateness",
    "LedgerShown",
    "LengthShown",
    "LiftingBody",
    "LimitName",
    "LimitShown",
    "LimitUnit",
    "LinkShown",
    "ListedKey",
    "LogHealth",
    "LogKeysPage",
    "LogState",
    "Manifest",
    "MessageBody",
    "MessageShown",
    "Metric",
    "MetricsPage",
    "MoneyBody",
    "MoneyShown",
    "MoneyTold",
    "NoteBody",
    "NoteShown",
    "Notice",
    "NoticeDeliveriesPage",
    "NoticeDeliveryShown",
    "NoticeKind",
    "NoticeListed",
    "NoticeState",
    "NoticesPage",
    "Obligation",
    "ObligationShown",
    "Offer",
    "OfferBody",
    "OfferShown",
    "OrderBody",
    "OrderFound",
    "OrderLineShown",
    "OrderShown",
    "Outcome",
    "OverrideShown",
    "Owed",
    "PairShown",
    "PairsPage",
    "Party",
    "Pause",
    "Phase",
    "PoliciesPage",
    "PolicyListed",
    "PolicyShown",
    "PostingShown",
    "Precision",
    "ProblemDetails",
    "Proofs",
    "PublicFigure",
    "PublicGroup",
    "PublicReport",
    "PublicationBody",
    "PublishedKey",
    "PublishedReport",
    "QueueCountsShown",
    "Readiness",
    "Reason",
    "ReasonBody",
    "ReasonShown",
    "Receipt",
    "Receipts",
    "RecoveryBody",
    "RecusalBody",
    "ReferralBody",
    "ReferralShown",
    "RefusalBody",
    "RefusalShown",
    "RegulationListed",
    "RegulationShown",
    "RegulationsPage",
    "RemedyCode",
    "ReopeningBody",
    "RepeatedFaults",
    "Report",
    "ReportShown",
    "Request",
    "RequirementShown",
    "ResponseBody",
    "ResponseShown",
    "RestrictionBody",
    "RestrictionLiftingBody",
    "ResumptionBody",
    "Reversal",
    "Reversals",
    "ReviewBody",
    "ReviewShown",
    "RevocationBody",
    "Role",
    "RotationBody",
    "RuleBody",
    "RuleCited",
    "RulingBody",
    "RulingDrafted",
    "RulingShown",
    "SampleDrawn",
    "Sanction",
    "SanctionBody",
    "SanctionPublic",
    "SanctionShown",
    "SanctionsPage",
    "SellerCase",
    "SellerFaults",
    "SentAgain",
    "ServiceBody",
    "ServiceShown",
    "SilenceShown",
    "SnapshotBody",
    "SnapshotShown",
    "Span",
    "StaffCase",
    "StandingShown",
    "State",
    "StatementKeysPage",
    "StatusReport",
    "Step",
    "SuspensionBody",
    "SuspensionCause",
    "SuspensionProofBody",
    "SuspensionShown",
    "TagsBody",
    "Terms",
    "TermsBody",
    "TermsShown",
    "TransitionShown",
    "Trigger",
    "UndeliveredShown",
    "ViewHealth",
    "WaitingShown",
    "WebhookBody",
    "WebhookChangeBody",
    "WebhookChangeKind",
    "WebhookChangeShown",
    "WebhookChangesPage",
    "WebhookMade",
    "WebhookShown",
    "WebhooksPage",
    "WithdrawalBody",
    "WithdrawalShown",
)


class Code(StrEnum):
    """A code of a closed set; one that a later server has added is kept as well."""

    @classmethod
    def _missing_(cls, value: object) -> Code | None:
        if not isinstance(value, str):
            return None
        added = str.__new__(cls, value)
        added._name_ = added._value_ = value
        return added


class AccessPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of the access log."""

    items: tuple[AccessShown, ...]
    next: str | None


class AccessShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Who read what, when and why; or which grant was given or revoked."""

    number: int
    at: datetime
    reader: str | None
    role: Role
    platform: str | None
    prev: str | None
    event: dict[str, Any]


class Account(Code):
    """Where money comes from or goes to. PLATFORM pays in advance and recovers."""

    BUYER = "buyer"
    SELLER = "seller"
    DEPOSIT = "deposit"
    SETTLEMENT = "settlement"
    PLATFORM = "platform"


class ActionShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Something that the caller can do now, in JSON, or multipart if it takes a file.

    `label`: what a person reads. `awaited`: it does what the case waits for; all
    else is the caller's choice.
    """

    name: str
    label: str
    method: str
    href: str
    fields: tuple[Field, ...]
    awaited: bool
    due: datetime | None


class Actor(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The person or program that an event comes from.

    `id` is the pseudonym by which the platform knows the person; None where an
    imported source does not say. `on_behalf_of` names the party for whom the
    platform's service client acts, and `for_id` the person, if the client says.
    """

    role: Role
    id: str | None = None
    on_behalf_of: Party | None = None
    for_id: str | None = None


class ActorShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Who stated an event."""

    role: Role
    id: str | None
    on_behalf_of: Party | None
    for_id: str | None


class AddedDays(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An announcement, and the version since which the calendar has its days."""

    version: int
    title: str
    announced: date
    days_off: tuple[date, ...]
    working_days: tuple[date, ...]


class AdmissionBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Take the case."""

    note: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class AlikeCases(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Cases of one kind that were not all decided alike.

    `cited` and `evidence` are codes, parted by spaces. Of `pairs` of two of the
    cases, `different` were decided differently.
    """

    category: str
    reason: str
    cited: str
    amount: str
    evidence: str
    cases: int
    pairs: int
    different: int
    decisions: tuple[Decision, ...]


class Alikeness(
    Struct,
    frozen=True,
    kw_only=True,
):
    """All pairs of alike cases, and the kinds among them that differ most."""

    pairs: int
    different: int
    kinds: int
    listed: tuple[AlikeCases, ...]


class ApiKeyBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """A program, as whom it calls, what for, and until when."""

    name: str
    role: Literal["platform", "analyst", "auditor", "regulator"]
    subject: str
    """An id of the platform's own: 1-128 visible characters."""
    platform: str | None | UnsetType = UNSET
    """An id of the platform's own: 1-128 visible characters."""
    scopes: tuple[str, ...] | None | UnsetType = UNSET
    """Ids of operations, or methods with paths such as `GET /v1/disputes`, which cover
    what is below them; without it, all that the role may do.
    """
    expires_at: datetime
    """RFC 3339, with its offset."""


class ApiKeyMade(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A new API key. `key` is told this once: repeated requests answer null."""

    id: str
    name: str
    role: Role
    platform: str | None
    subject: str
    scopes: tuple[str, ...] | None
    created_by: str
    creator_role: Role | None
    created_at: datetime
    expires_at: datetime
    revoked_by: str | None
    revoker_role: Role | None
    revoked_at: datetime | None
    reason: str | None
    used_at: datetime | None
    key: str | None


class ApiKeyShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An API key, without its secret. `scopes` null: for all that the role may do.

    `creator_role` and `revoker_role` null: an operator, at the command line.
    `used_at` is exact to the minute.
    """

    id: str
    name: str
    role: Role
    platform: str | None
    subject: str
    scopes: tuple[str, ...] | None
    created_by: str
    creator_role: Role | None
    created_at: datetime
    expires_at: datetime
    revoked_by: str | None
    revoker_role: Role | None
    revoked_at: datetime | None
    reason: str | None
    used_at: datetime | None


class ApiKeysPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of API keys."""

    items: tuple[ApiKeyShown, ...]
    next: str | None


class AppealBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Appeal, with new evidence or a stated error."""

    ground: AppealGround
    statement: str
    """1-5,000 characters."""


class AppealDecisionBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Uphold, vary (with liability and remedies) or set aside."""

    result: AppealResult
    reasons: tuple[ReasonBody, ...]
    liability: str | None | UnsetType = UNSET
    """A code; GET /v1/codes lists them."""
    remedies: tuple[TermsBody, ...] | UnsetType = UNSET


class AppealGround(Code):
    """On what an appeal rests."""

    NEW_EVIDENCE = "new-evidence"
    ERROR = "error"


class AppealRefusalBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Do not take an appeal."""

    explanation: str
    """1-5,000 characters."""


class AppealResult(Code):
    """What became of the decision that was appealed."""

    UPHELD = "upheld"
    VARIED = "varied"
    SET_ASIDE = "set-aside"


class AppealShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An appeal, and what became of it."""

    by: Party
    ground: AppealGround
    statement: str
    at: datetime
    state: str
    decided_at: datetime | None
    explanation: str | None
    liability: str | None
    text: dict[str, str] | None
    remedies: tuple[TermsShown, ...]
    reasons: tuple[ReasonShown, ...]


class ArticleShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An article, and how a decision cites it: `rule` is what a reason holds.

    `reconstructed`: its source lacks it; it was written after what platforms
    publish.
    """

    rule: RuleCited
    number: Bilingual
    title: Bilingual
    text: Bilingual
    reconstructed: bool


class AssessmentBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Weigh an item; what is not all three is excluded, with a ground."""

    authentic: bool
    relevant: bool
    legal: bool
    ground: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class AssessmentShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How an item was weighed; excluded with a ground, unless admitted."""

    authentic: bool
    relevant: bool
    legal: bool
    admitted: bool
    ground: str | None


class AssigneeShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How many live cases somebody has."""

    assignee: str
    total: int


class AssignmentBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Give the case to a mediator; without a name, take it.

    `take_over`: also from a colleague who has it.
    """

    mediator: str | None | UnsetType = UNSET
    """An id of the platform's own: 1-128 visible characters."""
    remark: str | None | UnsetType = UNSET
    """1-5,000 characters."""
    take_over: bool | UnsetType = UNSET


class AttachmentShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A file that came with a message; `href` returns its bytes."""

    media_type: str
    size: int
    sha256: str
    href: str
    name: str | None


class Attempt(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One attempt: when, how long it took, what was answered, what was wrong."""

    number: int
    at: datetime
    milliseconds: int
    status: int | None
    problem: str | None


class Automation(Code):
    """How much of a decision a machine made."""

    NONE = "none"
    ASSISTED = "assisted"
    AUTOMATED = "automated"


class Awaited(Code):
    """What somebody is waited for to do."""

    ADMISSION = "admission"
    RESPONSE = "response"
    NEGOTIATION = "negotiation"
    ESCALATION = "escalation"
    OFFER_ANSWER = "offer-answer"
    EVIDENCE = "evidence"
    RULING = "ruling"
    PERFORMANCE = "performance"
    CONFIRMATION = "confirmation"
    INQUIRY = "inquiry"
    INSPECTION = "inspection"
    VOLUNTARY = "voluntary"
    ENFORCEMENT = "enforcement"
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal-decision"
    SUSPENSION = "suspension"
    SUSPENSION_PROOF = "suspension-proof"
    SUSPENSION_REVIEW = "suspension-review"
    PUBLICATION = "publication"


class Bilingual(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """The same words in Chinese and in English."""

    zh: str
    en: str


class BurdenBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Shift the burden of proof, by a rule and with a reason."""

    party: Literal["buyer", "seller"]
    rule: RuleBody
    why: str
    """1-5,000 characters."""


class BurdenShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Who has to prove first, by which rule; `why` where it was shifted."""

    party: Party
    rule: dict[str, str]
    at: datetime
    why: str | None


class BuyerCase(
    Struct,
    frozen=True,
    kw_only=True,
    tag_field="view",
    tag="buyer",
):
    """A case as its buyer is shown it: with the contact that the buyer gave."""

    view: ClassVar[Literal["buyer"]] = "buyer"
    id: UUID
    case_number: str
    version: int
    phase: Phase
    words: dict[str, str]
    platform: str
    channel: str
    category: str
    reason: str
    seller: str | None
    buyer: str | None
    order: OrderShown
    order_line: OrderLineShown | None
    claim: TermsShown | None
    facts: str | None
    evidence_note: str | None
    policy: str | None
    opened_at: datetime
    opened_precision: Precision | None
    closed_at: datetime | None
    closed_precision: Precision | None
    outcome: Outcome | None
    claim_result: ClaimResult | None
    refusal: RefusalShown | None
    withdrawal: WithdrawalShown | None
    response: ResponseShown | None
    offers: tuple[OfferShown, ...]
    escalation: EscalationShown | None
    evidence: tuple[EvidenceShown, ...]
    requirements: tuple[RequirementShown, ...]
    evidence_requests: tuple[EvidenceRequestShown, ...]
    burden: BurdenShown | None
    inquiries: tuple[InquiryShown, ...]
    messages: tuple[MessageShown, ...]
    ruling: RulingShown | None
    review: ReviewShown | None
    appeals: tuple[AppealShown, ...]
    suspension: SuspensionShown | None
    enforcement: tuple[EnforcementShown, ...]
    sanctions: tuple[SanctionShown, ...]
    money: MoneyTold | None
    referral: ReferralShown | None
    reopens: UUID | None
    new_facts: str | None
    obligations: tuple[ObligationShown, ...]
    restricted: tuple[str, ...]
    erased: tuple[str, ...]
    deadlines: tuple[DeadlineShown, ...]
    waiting_on: WaitingShown | None
    actions: tuple[ActionShown, ...]
    contacts: tuple[ContactShown, ...]
    served: tuple[ServiceShown, ...]
    contact: str | None


class By(Code):
    """Which of an event's times counts."""

    RECORDED_AT = "recorded_at"
    AT = "at"


class CaseCounted(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A case behind a figure.

    `at` is when it belongs to the figure; `days` or `amount` what it adds.
    `counted`: it is in the numerator. `decider` refused or ruled.
    """

    id: UUID
    at: datetime | None
    counted: bool
    days: float | None
    amount: MoneyShown | None
    part: str | None
    platform: str
    category: str
    reason: str
    seller: str | None
    decider: str | None
    appeal_decider: str | None
    policy: str | None
    liability: str | None
    outcome: str | None
    href: str


class CaseListed(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A case in a list; `words` are its codes and what it waits for, for people."""

    id: UUID
    case_number: str
    version: int
    phase: Phase
    category: str
    reason: str
    buyer: str | None
    seller: str | None
    assignee: str | None
    claim: str | None
    amount: MoneyShown | None
    waiting_on: Party | None
    waiting_for: str | None
    due: datetime | None
    overdue: bool
    opened_at: datetime
    closed_at: datetime | None
    outcome: Outcome | None
    imported_from: str | None
    href: str
    order: OrderFound
    changed_at: datetime
    tags: tuple[str, ...]
    words: dict[str, str]


class CaseRuled(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A case as it was ruled, whatever an appeal made of it."""

    id: UUID
    ruled_at: datetime
    liability: str
    remedies: str
    decider: str | None
    href: str


class CasesPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of cases; `total`: how many there are in all, if that was asked.

    `sample`: how the cases were drawn, if a sample was asked for.
    """

    items: tuple[CaseListed, ...]
    next: str | None
    total: int | None
    sample: SampleDrawn | None


class Category(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """The first level of what a dispute is about, with its reasons."""

    zh: str
    en: str
    reasons: dict[str, Label]


class Change(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A field of the state, as it was before and after."""

    field: str
    before: Any
    after: Any


class ChangeShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A change of a standing: which, by which case, since when."""

    type: str
    dispute: UUID
    because: str
    at: datetime
    points: int | None
    words: str


class Channel(Code):
    """How a notice reaches a party."""

    IN_SITE = "in-site"
    MAIL = "mail"
    SMS = "sms"


class ClaimResult(Code):
    """What became of the buyer's claim. NONE: nobody decided about it."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not-met"
    NONE = "none"


class ClockBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """How far to move the clock forward, as an ISO 8601 duration."""

    advance: str
    """Such as PT2H, P1D or P3DT4H."""


class ClockShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The sandbox's time (UTC), and how many seconds it runs ahead of the system's."""

    now: datetime
    ahead_seconds: float


class CodesShown(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """The code tables, and the codes that the rules themselves are made of."""

    edition: int
    categories: dict[str, Category]
    remedies: dict[str, RemedyCode]
    grounds: dict[str, Label]
    routes: dict[str, Label]
    positions: dict[str, Label]
    evidence: dict[str, Label]
    liabilities: dict[str, Label]
    channels: dict[str, Label]
    duties: dict[str, Label]
    inquiries: dict[str, Label]
    methods: dict[str, Label]
    failures: dict[str, Label]
    sanctions: dict[str, Label]
    breaches: dict[str, Label]
    phases: dict[str, Label]
    outcomes: dict[str, Label]
    parties: dict[str, Label]
    awaited: dict[str, Label]
    silence: dict[str, Label]
    triggers: dict[str, Label]
    appeal_grounds: dict[str, Label]
    appeal_results: dict[str, Label]
    suspension_causes: dict[str, Label]
    automation: dict[str, Label]


class Consistency(
    Struct,
    frozen=True,
    kw_only=True,
):
    """That the tree of `new` entries begins with that of `old` (hashes in base64)."""

    old: int
    new: int
    proof: tuple[str, ...]


class ConsistencyReport(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What was counted of a period, from which part of the record.

    `least`: of fewer cases no share is told; their numbers are. `position` is that
    of the last event that is counted. `record_from` is the first day of the record,
    where that is behind the first day of the period; of a period that ends before
    it nothing is known, and nothing is counted.
    """

    period: str
    zone: str | None
    category: str | None
    system: str | None
    platform: str | None
    least: int
    position: int
    record_from: str | None
    reversals: Reversals | None
    alike: Alikeness | None
    lateness: tuple[Lateness, ...] | None
    sellers: RepeatedFaults | None


class ContactBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Where notices find a party; what is left out stays, "" ends a channel.

    `language` is that of the notices, Chinese if it is left out.
    """

    mail: str | None | UnsetType = UNSET
    """A mail address, in ASCII."""
    phone: str | None | UnsetType = UNSET
    """A telephone number for text messages."""
    language: Literal["zh-CN", "en"] | None | UnsetType = UNSET


class ContactShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Where a party can be reached, as last stated."""

    party: Party
    mail: str | None
    phone: str | None
    language: str | None
    at: datetime


class ContestBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """What was reported was not performed."""

    statement: str
    """1-5,000 characters."""


class CorrectionShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What a field of an event was recorded as, and what the source states now.

    `version` and `kind` are the event's; `at`: when it was learnt.
    """

    version: int
    kind: str
    field: str
    recorded: str | MoneyShown | None
    stated: str | MoneyShown | None
    at: datetime


class CountedPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of the cases behind a figure."""

    items: tuple[CaseCounted, ...]
    next: str | None


class CountsShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How many cases the filters find, and of what kind.

    `to_handle` waits for the caller: for the party itself, or for the platform
    where staff asks. A case that waits for both parties counts under "both".
    """

    total: int
    live: int
    overdue: int
    to_handle: int
    phases: dict[str, int]
    waiting_on: dict[str, int]


class Deadline(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A time limit that began to run, with everything that explains its end (5).

    `start` and `due` are UTC; `limit` and `length` are the policy's ("1 working
    day"); `calendar` is the edition that counted; `item` numbers the offer or
    obligation.
    """

    awaited: Awaited
    party: Party
    start: datetime
    due: datetime
    limit: LimitName
    length: str
    calendar: str
    item: int | None = None


class DeadlineShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A limit that runs or was missed, and by which rule."""

    awaited: Awaited
    party: Party
    start: datetime
    due: datetime
    rule: str
    length: str
    missed: bool
    item: int | None
    words: str


class Decision(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How some of the cases were decided; remedies are codes, parted by spaces."""

    liability: str
    remedies: str
    cases: int


class DeclineBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Do not agree."""

    message: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class DeliveriesPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of deliveries."""

    items: tuple[DeliveryShown, ...]
    next: str | None


class DeliveryShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A message to an endpoint, and how far it is; times are UTC.

    `message_id` is its header `webhook-id`. `position` null: a test event.
    """

    id: UUID
    message_id: str
    position: int | None
    dispute: UUID | None
    type: str
    state: DeliveryState
    tries: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None


class DeliveryState(Code):
    """How far a delivery is.

    WAITING: to be sent, or sent again. DEAD: given up. CANCELLED: its endpoint was
    deleted or disabled before.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    CANCELLED = "cancelled"


class DeliveryWhole(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A message to an endpoint, with every attempt at it.

    `problem` of an attempt: why it failed; null: the receiver has taken the
    message.
    """

    delivery: DeliveryShown
    attempts: tuple[Attempt, ...]


class Difference(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A number of a figure that an edition gives otherwise than the one before it.

    `number` is its name in the figure, such as `numerator` or `parts.late`; None
    for a number that is not shown, or that there was not. `suppressed` is true or
    false.
    """

    group: str
    figure: str
    number: str
    before: bool | float | str | None
    after: bool | float | str | None


class DifferenceShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The events between two moments, and the fields of the state they changed.

    `before` and `after` are the versions that were known at each.
    """

    dispute: UUID
    before: int
    after: int
    facts: tuple[FactShown, ...]
    changes: tuple[Change, ...]


class Dispute(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The state of a case, folded from its events."""

    phase: Phase | None = None
    platform: str | None = None
    policy: str | None = None
    number: int | None = None
    buyer: str | None = None
    seller: str | None = None
    seller_unaware: bool | None = None
    category: str | None = None
    reason: str | None = None
    claim: Terms | None = None
    paid: MoneyShown | None = None
    deadlines: tuple[Deadline, ...] = ()
    missed: tuple[Deadline, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extended: tuple[tuple[Awaited, Party, int | None], ...] = ()
    notices: tuple[Notice, ...] = ()
    served: tuple[tuple[Notice, str], ...] = ()
    assignee: str | None = None
    recused: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    messages: int | None = None
    offers: tuple[Offer, ...] = ()
    offers_made: int | None = None
    exhibits: tuple[Exhibit, ...] = ()
    requests: tuple[Request, ...] = ()
    evidence_over: tuple[Party, ...] = ()
    burden: Party | None = None
    inquiries: tuple[Inquiry, ...] = ()
    draft: RulingDrafted | None = None
    decided_by: tuple[str, ...] = ()
    automation: Automation | None = None
    appealed: tuple[Party, ...] = ()
    appealing: tuple[Party, ...] = ()
    appeal_over: bool | None = None
    before: Phase | None = None
    pause_asked: tuple[tuple[Party, int], ...] = ()
    suspended: SuspensionCause | None = None
    proved: bool | None = None
    unproved: tuple[Party, ...] = ()
    settled: bool | None = None
    granted: tuple[Terms, ...] = ()
    duties: tuple[Duty, ...] = ()
    done: tuple[Duty, ...] = ()
    enforcements: tuple[Enforcement, ...] = ()
    postings: tuple[PostingShown, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    refused: bool | None = None
    outcome: Outcome | None = None
    holds: tuple[Hold, ...] = ()
    holds_placed: int | None = None
    restricted: tuple[Party, ...] = ()
    erased: tuple[Party, ...] = ()
    set_aside: bool | None = None


class DraftBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """A ruling for another person to issue."""

    liability: str
    """A code; GET /v1/codes lists them."""
    remedies: tuple[TermsBody, ...]
    reasons: tuple[ReasonBody, ...]
    automation: Automation | UnsetType = UNSET
    model: str | None | UnsetType = UNSET
    """An id of the platform's own: 1-128 visible characters."""


class DraftShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A ruling that another person still has to issue."""

    by: str
    liability: str
    remedies: tuple[TermsShown, ...]
    reasons: tuple[ReasonShown, ...]
    at: datetime


class Duty(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An obligation and how far it is performed; `paid` in minor units.

    `contested` counts how often a report was contested.
    """

    owed: Obligation
    reported: bool
    confirmed: bool
    defaulted: bool
    enforced: bool
    failed: bool
    contested: int
    paid: int


class Edition(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An edition in the list of them."""

    name: str
    edition: int
    published_at: datetime
    position: int
    sha256: str
    reason: str | None
    corrects: int | None


class EditionsPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The editions that are published."""

    items: tuple[Edition, ...]
    next: str | None


class EligibilityShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What a filing would lead to.

    `decided_by` "rule": refused at once, on `ground` if one is named; "mediator":
    looked at. `until` is the last moment to file (UTC). `duplicate` is a live
    dispute on the same issue; `earlier` one that ended, which new facts re-open.
    """

    accepted: bool
    decided_by: str
    ground: str | None
    words: str
    until: datetime | None
    missing: tuple[Fault, ...]
    routes: tuple[str, ...]
    duplicate: str | None
    earlier: str | None


class EndorsedKey(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A key of statements, and the signed note in which the log endorses it."""

    vkey: str
    endorsement: str


class Enforcement(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An order to execute an obligation."""

    number: int
    obligation: int
    method: str
    amount: MoneyShown | None
    pending: bool


class EnforcementBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Execute an obligation in default by a method (a code); money by its amount."""

    obligation: int
    method: str
    """A code; GET /v1/codes lists them."""
    amount: MoneyBody | None | UnsetType = UNSET


class EnforcementFailureBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """It could not be executed; `final` gives the obligation up, naming routes."""

    cause: str
    """A code; GET /v1/codes lists them."""
    final: bool | UnsetType = UNSET
    routes: tuple[str, ...] | UnsetType = UNSET


class EnforcementShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An order to execute, and what came of it."""

    number: int
    obligation: int
    method: str
    at: datetime
    state: str
    amount: MoneyShown | None
    cause: str | None
    final: bool
    routes: tuple[str, ...]


class Entry(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One limit that ran. `state`: running, held, met, missed or void.

    `ended_by` is the version of the event that ended it; `done_at` when what was
    awaited was done after all. `late` and `late_net` are seconds past the end, the
    second without what stood still meanwhile.
    """

    awaited: Awaited
    party: Party
    item: int | None
    started_by: int
    start: datetime
    limit: LimitName
    length: str
    calendar: str
    due: datetime
    state: str
    ended_by: int | None
    ended_at: datetime | None
    done_at: datetime | None
    late: float | None
    late_net: float | None
    pauses: tuple[Span, ...]
    extensions: tuple[Extension, ...]


class ErasureBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Whose data, and why. `restrict`: where cases forbid it, only keep it for now."""

    subject: str
    """An id of the platform's own: 1-128 visible characters."""
    role: Literal["buyer", "seller"]
    basis: str
    """A law, an order or a request, by its number. It names nobody: it is kept
    unsealed.
    """
    restrict: bool | UnsetType = UNSET


class ErasureShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An erasure, and how far it is; times are UTC.

    `final_at`: since when nothing in the installation opens what was erased. An
    earlier version has not stored it.
    """

    id: UUID
    state: str
    platform: str
    subject: str
    role: Party
    basis: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    refused_for: str | None
    recorded_at: datetime | None
    cases: int | None
    files: int | None
    done_at: datetime | None
    final_at: datetime | None


class ErasuresPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of erasures."""

    items: tuple[ErasureShown, ...]
    next: str | None


class EscalationBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Hand the case to the platform."""

    trigger: Trigger
    statement: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class EscalationShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Why and by whom the case was handed to the platform."""

    trigger: Trigger
    by: Party
    at: datetime
    precision: Precision | None
    statement: str | None


class EventMessage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What happened to a case, without any personal text.

    `type`: the event's name, such as "ruled". `position`: its place in the order of
    all events, from which a receiver catches up. `version`: its number in the case.
    `at`: when it happened; `recorded_at`: when it was learnt (both UTC). `request`:
    the id of the request that led to it. `imported`: the other system that tells of
    it. `event`: its fields. `href`: where the case is read.
    """

    type: str
    position: int
    dispute: UUID
    case_number: str
    platform: str
    version: int
    at: datetime
    recorded_at: datetime
    actor: Actor
    request: str | None = None
    imported: str | None = None
    event: dict[str, Any]
    href: str


class EventProof(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An event in the log: `leaf` is SHA-256(0x00 || its bytes), in base64.

    `proof` is a C2SP tlog-proof; null until the log has been signed with it.
    """

    version: int
    position: int
    leaf: str
    index: int | None
    proof: str | None


class EvidenceRequestBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Ask a side, or both, for kinds of evidence."""

    party: Literal["buyer", "seller", "both"]
    kinds: tuple[str, ...]
    note: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class EvidenceRequestShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What a mediator asked a side for."""

    number: int
    party: Party
    kinds: tuple[str, ...]
    at: datetime
    due: datetime | None
    note: str | None


class EvidenceShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A file; `href` returns its bytes. A `draft` is shown to its own side only.

    `missing`: it was imported, and its source did not hand the file over. There are
    no bytes then, and `sha256` is empty unless the source said one.
    """

    number: int
    by: Party
    kind: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    href: str
    name: str | None
    note: str | None
    draft: bool
    missing: bool
    assessment: AssessmentShown | None


class ExecutionBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """What was ordered was executed; `reference`: of the payment or measure."""

    reference: str


class Exhibit(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A piece of evidence; `weighed` says: authentic, relevant, legal."""

    number: int
    by: Party
    kind: str
    sha256: str
    draft: bool
    weighed: tuple[bool, ...] | None


class Extension(
    Struct,
    frozen=True,
    kw_only=True,
):
    """By which event a limit was extended, and the end it had before (UTC)."""

    version: int
    due_before: datetime


class ExtensionBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Give a running limit the more time that the policy allows, once."""

    awaited: Awaited
    party: Literal["buyer", "seller", "platform", "both"]
    why: str
    """1-5,000 characters."""


class FactFound(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An event, by what it can be searched by."""

    position: int
    dispute: UUID
    version: int
    type: str
    at: datetime
    precision: str
    recorded_at: datetime
    actor: ActorShown
    rules: tuple[str, ...]
    policy: str | None
    party: Party | None
    due: datetime | None
    imported_from: str | None
    imported_record: str | None


class FactShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An event with all that it states, its command and the hash it is chained by.

    `position` is null for the moment in which the event has none yet.
    """

    position: int | None
    dispute: UUID
    version: int
    type: str
    at: datetime
    precision: str
    recorded_at: datetime
    actor: ActorShown
    rules: tuple[str, ...]
    policy: str | None
    party: Party | None
    due: datetime | None
    imported_from: str | None
    imported_record: str | None
    command_id: UUID
    request: str | None
    prev: str | None
    payload: dict[str, Any]


class FactsPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of events."""

    items: tuple[FactFound, ...]
    next: str | None


class Fault(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One thing that is wrong: a JSON pointer, a stable code, and words."""

    pointer: str
    code: str
    detail: str


class Field(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A field that an action takes; what does not apply is left out.

    `label` and `words` (of the codes) are for people, in the language asked for.
    `type`: string, boolean, integer, number, object, array (of `items`), file, or
    as text datetime (RFC 3339) and decimal. `codes` are the values possible now; of
    a file, its media types. `fields` are those of the object, or of each item.
    `required_when` any of these other fields has one of these values; `only_when`:
    it is refused otherwise. `max` of an array is for all money in it together.
    `href`: a list of all that the object may hold. `format` of a string: email,
    phone.
    """

    name: str
    type: str
    required: bool
    label: str | None = None
    words: dict[str, str] = {}
    items: str | None = None
    codes: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    required_when: dict[str, tuple[str, ...]] = {}
    only_when: dict[str, tuple[str, ...]] = {}
    min: int | None = None
    max: int | str | None = None
    currency: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    href: str | None = None
    format: str | None = None


class Figure(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One figure. `value`: a number of cases, a share of 1, or days (the median).

    `numerator` cases were counted, out of `denominator` for a share; `outside` have
    the date by which the figure counts, but are left out of it. Money has no
    `value` but `amounts`, one sum for each currency: yuan and euros have none
    together. `before` is the value of the period before, and `difference` what it
    has changed by, where both have one; `amounts_before` are the sums,
    `parts_before` the parts and `mean_before` the mean of the period before.
    """

    id: str
    unit: FigureUnit
    value: float | None
    numerator: int
    denominator: int | None = None
    outside: int | None = None
    p90: float | None = None
    mean: float | None = None
    parts: dict[str, int] | None = {}
    amounts: tuple[MoneyShown, ...] | None = ()
    before: float | None = None
    difference: float | None = None
    amounts_before: tuple[MoneyShown, ...] | None = ()
    parts_before: dict[str, int] | None = {}
    mean_before: float | None = None


class FigureUnit(Code):
    """What a figure is measured in."""

    CASES = "cases"
    SHARE = "share"
    DAYS = "days"
    MONEY = "money"


class FilingBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """A complaint. `buyer` is for the platform's service client only."""

    seller: str
    """An id of the platform's own: 1-128 visible characters."""
    order: OrderBody
    category: str
    """A code; GET /v1/codes lists them."""
    reason: str
    """A code; GET /v1/codes lists them."""
    claim: TermsBody
    facts: str
    """What happened, in up to 5,000 characters. How much has to be said at least is in
    the policy (`facts_minimum`); less is refused with 422.
    """
    contact: str
    """How the buyer is reached: one telephone number or one mail address; other words
    may stand beside it. Without either, 422.
    """
    evidence_note: str
    """What evidence there is, or why there is none yet."""
    channel: str | UnsetType = UNSET
    """A code; GET /v1/codes lists them."""
    buyer: str | None | UnsetType = UNSET
    """An id of the platform's own: 1-128 visible characters."""


class FulfilmentBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Report an obligation as performed. `reference`: of a payment or a parcel."""

    obligation: int
    statement: str | None | UnsetType = UNSET
    """1-5,000 characters."""
    reference: str | None | UnsetType = UNSET


class Grant(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A grant: `reader` may read from `begins` until `ends` (UTC).

    It covers the cases of one platform, or only `case_ids` of them.
    """

    id: UUID
    platform: str
    reader: str
    role: Role
    begins: datetime
    ends: datetime
    purpose: str
    disputes: tuple[UUID, ...] | None
    given_by: str
    given_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None


class GrantBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Who may read the platform's cases, or some of them, from when until when."""

    reader: str
    """An id of the platform's own: 1-128 visible characters."""
    role: Literal["auditor", "regulator"]
    begins: datetime
    """RFC 3339, with its offset."""
    ends: datetime
    """RFC 3339, with its offset."""
    purpose: str
    disputes: tuple[UUID, ...] | None | UnsetType = UNSET


class GrantsPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of grants."""

    items: tuple[Grant, ...]
    next: str | None


class Group(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The figures of one part of a report, such as a month or a category.

    `keys` are the names of the group in a report by two things, `key` both of them.
    `record_from` is the first day of its platform's record, where that is behind
    the first day of the period (or of the one before, if that is compared). Figures
    of a period that ends before it have no value.
    """

    key: str
    figures: tuple[Figure, ...]
    keys: tuple[str, ...] = ()
    record_from: str | None = None


class HandoverShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Who gave the case to whom, whom it was taken from, and what they remarked."""

    to: str
    by: str | None
    taken_from: str | None
    remark: str | None
    at: datetime


class HeadProof(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The entry that says how long the case was: its text, and its proof."""

    version: int
    entry: str
    index: int
    proof: str | None


class Health(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Whether all is well, and if not, what is wrong.

    `unordered` events are recorded but have no position yet: the sequencer is not
    running, or an open transaction holds it up. `overdue` deadlines and notices are
    due for more than a minute, and no worker has taken them up. `warnings`: what is
    wrong and leaves the installation ready, such as a damaged file of evidence.
    """

    status: str
    unordered: int
    overdue: int
    views: tuple[ViewHealth, ...]
    log: LogHealth
    wrong: tuple[str, ...]
    warnings: tuple[str, ...]


class History(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Every event of a case, in order, and every limit that ran."""

    dispute: UUID
    version: int
    facts: tuple[FactShown, ...]
    deadlines: tuple[Entry, ...]


class Hold(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A legal hold that stands."""

    number: int
    by: Role
    basis: str


class HoldBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Forbid that anything of the case is erased."""

    basis: str
    """A law, an order or a request, by its number. It names nobody: it is kept
    unsealed.
    """


class HoldLiftingBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """End a hold."""

    basis: str
    """A law, an order or a request, by its number. It names nobody: it is kept
    unsealed.
    """


class ImportShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An import: who began it, of what, and what came of it.

    `cases` are new, `grown` were there and got more events; `present`: told nothing
    new; `skipped`: rows that state no event. Its events lie between two positions
    of the ledger, and others may lie among them. `withdrawn_at`: when it was set
    aside.
    """

    id: UUID
    system: str
    platform: str
    begun_by: str
    began_at: datetime
    ended_at: datetime | None
    files: tuple[ImportedFile, ...]
    mapping_sha256: str | None
    rows: int
    cases: int
    grown: int
    events: int
    present: int
    skipped: int
    rejected: int
    finished: bool
    first_position: int | None
    last_position: int | None
    withdrawn_at: datetime | None


class Imported(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The system, and the record in it, that an event was imported from.

    `zone` is the time zone of the source's own times, `run` the import that it came
    with. `extra`: what the source says of the case beyond its events, with the
    first.
    """

    system: str
    record: str
    zone: str
    precision: Precision | None = None
    run: UUID | None = None
    extra: dict[str, str] | None = {}


class ImportedFile(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A file of an import, by its SHA-256 (hex)."""

    name: str
    sha256: str


class ImportsPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of imports."""

    items: tuple[ImportShown, ...]
    next: str | None


class Inquiry(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A question to a third party."""

    number: int
    kind: str
    addressee: str
    answered: bool


class InquiryAnswerBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """What the third party answered."""

    answer: str
    """1-5,000 characters."""
    reference: str | None | UnsetType = UNSET


class InquiryBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Ask a third party. `inspection` stops the clocks until it is answered."""

    kind: str
    """A code; GET /v1/codes lists them."""
    addressee: str
    """An id of the platform's own: 1-128 visible characters."""
    question: str
    """1-5,000 characters."""


class InquiryShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A question to a third party and its answer."""

    number: int
    kind: str
    addressee: str
    question: str
    at: datetime
    answer: str | None
    answered_at: datetime | None


class KeyEndsPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The notes in which older keys end."""

    items: tuple[str, ...]
    next: str | None


class Label(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """The words for a code. `imported`: only other systems' history uses it."""

    zh: str
    en: str
    imported: bool | UnsetType = UNSET


class Language(Code):
    """A language that buyers may ask to be written to in."""

    ZH_CN = "zh-CN"
    EN = "en"


class LateCount(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How many live cases, and how many of them are overdue."""

    total: int
    overdue: int


class Lateness(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Of `cases` that the stage's figure is counted out of, how many were late.

    `category` "all" is every category together.
    """

    rate: float | None
    low: float | None
    high: float | None
    stage: str
    category: str
    cases: int
    late: int


class LedgerShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Every limit of a case that ran, in the order in which they began."""

    dispute: UUID
    policy: str | None
    deadlines: tuple[Entry, ...]


class LengthShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How long: `clock` is "calendar", "working-days" or "business-window"."""

    zh: str
    en: str
    length: str
    amount: int
    unit: LimitUnit
    clock: str


class LiftingBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Why a sanction ends."""

    why: str
    """1-5,000 characters."""


class LimitName(Code):
    """The limits that a policy profile sets (standard, section 5)."""

    FILING = "filing"
    ADMISSION = "admission"
    RESPONSE = "response"
    NEGOTIATION = "negotiation"
    ESCALATION = "escalation"
    ESCALATION_SELLER = "escalation-seller"
    OFFER_ANSWER = "offer-answer"
    EVIDENCE = "evidence"
    INQUIRY = "inquiry"
    INSPECTION_PAUSE = "inspection-pause"
    RULING = "ruling"
    PERFORMANCE_MONEY = "performance-money"
    PERFORMANCE_GOODS = "performance-goods"
    PERFORMANCE_RETURN = "performance-return"
    PERFORMANCE_REFUND_AFTER_RETURN = "performance-refund-after-return"
    CONFIRMATION = "confirmation"
    VOLUNTARY = "voluntary"
    ENFORCEMENT = "enforcement"
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal-decision"
    SUSPENSION = "suspension"
    SUSPENSION_PROOF = "suspension-proof"
    SUSPENSION_REVIEW = "suspension-review"
    SANCTION_PUBLICATION = "sanction-publication"


class LimitShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A limit, what it may be extended by, and where another holds; a reason first."""

    zh: str
    en: str
    name: LimitName
    length: LengthShown
    extension: LengthShown | None = None
    overrides: tuple[OverrideShown, ...] = ()


class LimitUnit(Code):
    """What a limit counts."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working day"
    WINDOW_HOUR = "window hour"


class LinkShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An address that shows one file without a token, until `expires_at` (UTC)."""

    href: str
    expires_at: datetime


class ListedKey(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A verifier key in one line (`vkey`), and what to know of it.

    `key_id` tells it from others of its name. `signs`: it signs now; others only
    verify. `endorsed_by` are the ids of the keys that signed its endorsement.
    `made_at` is null for keys of statements, which say no time.
    """

    vkey: str
    name: str
    key_id: str
    algorithm: str
    use: str
    signs: bool
    made_at: datetime | None
    endorsed_by: tuple[str, ...]
    endorsement: str | None


class LogHealth(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Where the log stands: entries built, signed, and co-signed by a quorum.

    `unlogged` events have a position but are not in the log yet. `parts`: the last
    reports of the signer, the auditors and each witness, and what keeps the
    sequencer or the builder (`log`) from writing.
    """

    size: int
    signed: int
    cosigned: int
    unlogged: int
    parts: tuple[StatusReport, ...]


class LogKeysPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The keys of the log and of its application."""

    items: tuple[ListedKey, ...]
    next: str | None


class LogState(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How far the log, its signatures and its cosignatures reach, in entries.

    `published` is the kind of checkpoint that is shown ("signed" or "cosigned").
    `merge_delay` is what is promised, in seconds; `waiting` for how many seconds
    the oldest event waits that no published tree holds; `is_late`: longer than
    promised.
    """

    origin: str
    size: int
    signed: int
    cosigned: int
    published: str
    merge_delay: int
    waiting: int
    is_late: bool


class Manifest(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What an edition was made from, so that it can be made again and compared.

    `position`: the last event that its figures know of. `definitions` has the
    version of each figure, `definitions_sha256` is over all of them as `/metrics`
    serves them. `checkpoint` is the signed note of the log's tree with `position`
    in it, of `log_size` entries, if the log was signed so far. `sha256` is of the
    bytes of the public copy, `commitment` of a secret salt and the whole report,
    which overseers can open. `differences` are those of the public copies.
    """

    name: str
    period: str
    by: str
    platform: str | None
    edition: int
    published_at: datetime
    position: int
    definitions: dict[str, int]
    definitions_sha256: str
    code_version: str
    checkpoint: str | None
    log_size: int | None
    sha256: str
    commitment: str
    reason: str | None
    corrects: int | None
    differences: tuple[Difference, ...]


class MessageBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """A message to the others of the case."""

    text: str
    """1-5,000 characters."""


class MessageShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Something that a party or the platform said; `language`: in zh or en."""

    number: int
    by: Party
    text: str
    at: datetime
    attachment: AttachmentShown | None
    language: str | None


class Metric(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """The definition of a figure; `metrics.toml` says what the fields mean.

    `measured` of a figure in days is made from `since` and `until`: PostgreSQL's
    SQL for the days between two milestones, without the pauses for a net figure.
    """

    id: str
    zh: str
    en: str
    unit: FigureUnit
    dated: str
    counted: str | UnsetType = UNSET
    out_of: str | None | UnsetType = UNSET
    measured: str | None | UnsetType = UNSET
    broken_down: str | None | UnsetType = UNSET
    net_of: str | None | UnsetType = UNSET
    version: int | UnsetType = UNSET
    since: str | None | UnsetType = UNSET
    until: str | None | UnsetType = UNSET


class MetricsPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The definitions."""

    items: tuple[Metric, ...]
    next: str | None


class MoneyBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """An amount such as {"amount": "129.00", "currency": "CNY"}."""

    amount: str
    """A plain decimal, not negative."""
    currency: str
    """ISO 4217."""


class MoneyShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An amount as a decimal text."""

    amount: str
    currency: str


class MoneyTold(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The ledger of a case; `advanced` is what the platform has not got back yet."""

    postings: tuple[PostingShown, ...]
    advanced: MoneyShown


class NoteBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """An internal note; the parties never see it."""

    text: str
    """1-5,000 characters."""


class NoteShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An internal note of a mediator or a supervisor."""

    by: str | None
    text: str
    at: datetime


class Notice(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A notice that still has to be served on a party."""

    kind: NoticeKind
    party: Party


class NoticeDeliveriesPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """All deliveries of a case's notices, the first event first."""

    items: tuple[NoticeDeliveryShown, ...]
    next: str | None


class NoticeDeliveryShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One notice to one party over one channel; it says no address.

    `position` is that of the event that called for it. `problem`: why the last
    attempt failed. `next_at`: when it is sent, or sent again; null once it has
    ended.
    """

    id: UUID
    position: int
    notice: NoticeKind
    party: Party
    channel: Channel
    state: NoticeState
    tries: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    problem: str | None


class NoticeKind(Code):
    """The notices whose service is itself an event of the case."""

    ADMISSION = "admission"
    REFUSAL = "refusal"
    RULING = "ruling"
    APPEAL = "appeal"


class NoticeListed(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A notice of a party. `due`: when the time ends that it gives this party."""

    dispute: UUID
    version: int
    about: str
    words: str
    at: datetime
    due: datetime | None
    href: str


class NoticeState(Code):
    """How far a delivery is.

    WAITING: to be sent, or sent again. FAILED: given up. CANCELLED: nobody needs
    the notice any more.
    """

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class NoticesPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of notices."""

    items: tuple[NoticeListed, ...]
    next: str | None


class Obligation(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What one party owes; `after` is the obligation to be confirmed first."""

    number: int
    debtor: Party
    duty: str
    limit: LimitName
    amount: MoneyShown | None = None
    after: int | None = None


class ObligationShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What is owed, and how far it is: from "owed" to "confirmed" or "enforced"."""

    number: int
    debtor: Party
    duty: str
    state: str
    amount: MoneyShown | None
    after: int | None
    due: datetime | None
    words: str


class Offer(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An offer that can still be answered, and who has agreed to it already."""

    number: int
    by: Party
    terms: Terms
    accepted_by: tuple[Party, ...]


class OfferBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """An offer, or a counter-offer."""

    terms: TermsBody
    message: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class OfferShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An offer, with its terms and its state in words."""

    number: int
    by: Party
    terms: TermsShown
    state: str
    at: datetime
    due: datetime | None
    message: str | None
    reply: str | None
    accepted_by: tuple[Party, ...]
    words: str


class OrderBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """The order line that the dispute is about, and what was paid for it."""

    id: str
    """An id of the platform's own: 1-128 visible characters."""
    line: str
    """An id of the platform's own: 1-128 visible characters."""
    paid: MoneyBody
    received_at: datetime | None | UnsetType = UNSET
    """RFC 3339, with its offset."""
    promised_at: datetime | None | UnsetType = UNSET
    """RFC 3339, with its offset."""
    snapshot: SnapshotBody | None | UnsetType = UNSET


class OrderFound(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The order line of a case in a list; title, SKU and shop as they were filed."""

    id: str | None
    line: str | None
    title: str | None
    sku: str | None
    shop: str | None


class OrderLineShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What other cases on the same order line have granted the buyer, and what is
    left.

    `others` are those of them that the reader may see.
    """

    granted: MoneyShown
    left: MoneyShown
    others: tuple[str, ...]


class OrderShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The order line that the case is about."""

    id: str | None
    line: str | None
    paid: MoneyShown | None
    received_at: datetime | None
    promised_at: datetime | None
    snapshot: SnapshotShown | None


class Outcome(Code):
    """On what ground a case is closed (4.4.4). The last two are only imported."""

    SETTLED = "settled"
    RULED = "ruled"
    ENFORCED = "enforced"
    ENFORCEMENT_FAILED = "enforcement-failed"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    REFERRED = "referred"
    DECIDED_ELSEWHERE = "decided-elsewhere"
    ANSWERED = "answered"


class OverrideShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What a category or a reason has instead of the general limit."""

    length: LengthShown
    category: str | None = None
    reason: str | None = None


class Owed(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """What a remedy makes a party owe, once obligation `after` of it is confirmed."""

    debtor: Party
    duty: str
    limit: LimitName
    after: int | None | UnsetType = UNSET


class PairShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A case, and the alike case ruled just before it, which was decided differently.

    What they have in common: category, reason, rules cited, amount and evidence.
    """

    id: UUID
    ruled_at: datetime
    liability: str
    remedies: str
    decider: str | None
    href: str
    category: str
    reason: str
    cited: str
    amount: str
    evidence: str
    earlier: CaseRuled


class PairsPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of pairs.

    `record_from` is the first day of the record, where that is behind the first day
    of the period: of pairs before it nothing is known.
    """

    items: tuple[PairShown, ...]
    next: str | None
    record_from: str | None = None


class Party(Code):
    """A side of the dispute. The platform is the third side: it decides.

    BOTH is for what buyer and seller are asked together, such as to negotiate.
    """

    BUYER = "buyer"
    SELLER = "seller"
    PLATFORM = "platform"
    BOTH = "both"


class Pause(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Deadlines that stand still since `since`, and why; `item` numbers an inquiry."""

    cause: str
    held: tuple[Deadline, ...]
    since: datetime
    item: int | None


class Phase(Code):
    """Where a case stands (section 4)."""

    NONE = "none"
    FILED = "filed"
    AWAITING_RESPONSE = "awaiting-response"
    UNANSWERED = "unanswered"
    NEGOTIATING = "negotiating"
    EVIDENCE = "evidence"
    RULING = "ruling"
    PERFORMING = "performing"
    ENFORCING = "enforcing"
    APPEAL = "appeal"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class PoliciesPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The profiles."""

    items: tuple[PolicyListed, ...]
    next: str | None


class PolicyListed(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A profile in a list. `for_new_cases`: cases that are filed now get it."""

    id: str
    in_force_from: date
    for_new_cases: bool
    href: str


class PolicyShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A profile in one version. `opens` and `closes` bound the business window.

    `calendar_edition` counts working days now; deadlines keep the one they name.
    `four_eyes` are the amounts above which a ruling needs a second person,
    `retention` the years that cases are kept after closing.
    """

    id: str
    name: str
    version: int
    in_force_from: date
    transition: TransitionShown
    zone: str
    calendar: str
    calendar_edition: str
    calendar_additions: tuple[AddedDays, ...]
    opens: str
    closes: str
    currencies: tuple[str, ...]
    proof: str
    facts_minimum: int
    above_line: str
    standing_points: int
    retention: int
    four_eyes: dict[str, str]
    limits: tuple[LimitShown, ...]
    silence: tuple[SilenceShown, ...]


class PostingShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """So much went from one account to another."""

    payer: Account
    payee: Account
    amount: MoneyShown


class Precision(Code):
    """How exactly an imported source tells when something happened.

    NOT_BEFORE: it does not tell; `at` is the last time it states before. UNCLEAR:
    it tells an hour that came twice or never, because the clocks were set.
    """

    SECOND = "second"
    DAY = "day"
    NOT_BEFORE = "not-before"
    UNCLEAR = "unclear"


class ProblemDetails(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An error (RFC 9457).

    `phase` and `possible` say, for a refused command, where the case stands and
    what the caller can do instead. `dispute`, `case_number` and `href` lead to the
    case that a filing would have begun once more. `request_id` is also in the log
    lines.
    """

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: tuple[Fault, ...] = ()
    phase: Phase | None = None
    possible: tuple[str, ...] | None = ()
    version: int | None = None
    request_id: str | None = None
    dispute: UUID | None = None
    case_number: str | None = None
    href: str | None = None


class Proofs(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Every proof of a case, against one checkpoint.

    `checkpoint`: "signed" by the log, or "cosigned" by a quorum of witnesses too.
    """

    dispute: UUID
    checkpoint: str | None
    size: int | None
    events: tuple[EventProof, ...]
    head: HeadProof | None


class PublicFigure(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A figure as everyone may see it; None: not shown, or not measured.

    Numbers of cases are rounded to multiples of five. A share is made of those: out
    of fewer than fifty cases it has no `value`. `suppressed`: a number is left out
    because it is small, or because a small one would follow from it. A part that is
    not named has no cases; it is withheld where `numerator` is, or where no part is
    named though `numerator` is not 0. `p90`: the 90th percentile of days, of fifty
    cases or more. `outside`: cases of the period that the figure leaves out; None
    also for too few to be shown.
    """

    id: str
    unit: FigureUnit
    value: float | None
    numerator: int | None
    denominator: int | None
    parts: dict[str, int | None] | None
    amount: MoneyShown | None
    suppressed: bool
    p90: float | None = None
    outside: int | None = None


class PublicGroup(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The public figures of one part of a report."""

    key: str
    keys: tuple[str, ...]
    figures: tuple[PublicFigure, ...]


class PublicReport(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Public figures of a period; numbers from 1 to below `smallest` are not shown.

    `left_out`: by figure, cases of the whole record that it counts, but whose
    source does not give the date by which they would be in a period; None for too
    few.
    """

    period: str
    by: str
    category: str | None
    smallest: int
    groups: tuple[PublicGroup, ...]
    left_out: dict[str, int | None] | None


class PublicationBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Which report is published; `reason` says why an edition is corrected."""

    period: str
    by: str | UnsetType = UNSET
    reason: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class PublishedKey(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A verifier key, and the signed note in which earlier keys endorse it."""

    vkey: str
    made_at: datetime
    endorsement: str | None


class PublishedReport(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An edition as everyone may read it."""

    manifest: Manifest
    report: PublicReport


class QueueCountsShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How many live cases there are, by where they stand and whom they wait for.

    `assignees`: those with most cases first, at most 500 of them.
    """

    total: int
    overdue: int
    unclaimed: int
    phases: dict[str, LateCount]
    waiting_on: dict[str, LateCount]
    assignees: tuple[AssigneeShown, ...]


class Readiness(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Whether all is well, and if not, which parts are not.

    That is all that strangers are told: findings name cases, positions and
    addresses.
    """

    status: str
    parts: tuple[str, ...]


class Reason(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One step of the reasoning; evidence is cited by its number in the case."""

    issue: str
    finding: str
    rule: RuleCited
    relied_on: tuple[int, ...] = ()
    set_aside: tuple[int, ...] = ()
    burden: Party | None = None


class ReasonBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """One step of the reasoning; evidence is cited by number."""

    issue: str
    """1-5,000 characters."""
    finding: str
    """1-5,000 characters."""
    rule: RuleBody
    relied_on: tuple[int, ...] | UnsetType = UNSET
    set_aside: tuple[int, ...] | UnsetType = UNSET
    burden: Literal["buyer", "seller"] | None | UnsetType = UNSET


class ReasonShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One step of the reasoning; `language`: in which it was written, zh or en."""

    issue: str
    finding: str
    rule: dict[str, str]
    relied_on: tuple[int, ...]
    set_aside: tuple[int, ...]
    burden: Party | None
    language: str | None


class Receipt(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A receipt of one event.

    `event`: its stored bytes; the statement is their last field. `leaf`: their hash
    in the log (hex). `proof`: a C2SP tlog-proof, None until a checkpoint covers it.
    `keys` and `statement_keys` are the log's and the application's, as the log
    publishes them; which of them to trust, their reader has to know from elsewhere.
    """

    format: str
    origin: str
    case: UUID
    version: int
    event: str
    leaf: str
    statement_keys: tuple[EndorsedKey, ...]
    keys: tuple[PublishedKey, ...]
    proof: str | None


class Receipts(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The receipts of what the caller did in a case, in the order of its events."""

    items: tuple[Receipt, ...]
    next: str | None


class RecoveryBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """What the seller paid back of an advance."""

    amount: MoneyBody
    reference: str


class RecusalBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """A conflict of interest: one's own, or (supervisor) a mediator's."""

    conflict: str
    """1-5,000 characters."""
    mediator: str | None | UnsetType = UNSET
    """An id of the platform's own: 1-128 visible characters."""


class ReferralBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Hand the case to an authority (a code of routes) and close it here."""

    authority: str
    """A code; GET /v1/codes lists them."""
    note: str
    """1-5,000 characters."""


class ReferralShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """To which authority the case was handed, and why."""

    authority: str
    cause: str
    note: str | None
    at: datetime


class RefusalBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Do not take the case."""

    ground: str
    """A code; GET /v1/codes lists them."""
    explanation: str
    """1-5,000 characters."""
    routes: tuple[str, ...]


class RefusalShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Why the case was not taken; `words` say the ground. `rule`: it decided alone."""

    ground: str
    words: str
    explanation: str
    rule: str | None
    routes: tuple[str, ...]
    at: datetime


class RegulationListed(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Rules in a list: their title, since when and until when they are in force."""

    id: str
    version: str
    title: Bilingual
    in_force_from: date
    in_force_until: date | None
    href: str


class RegulationShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Rules with all their articles."""

    id: str
    version: str
    title: Bilingual
    in_force_from: date
    in_force_until: date | None
    href: str
    articles: tuple[ArticleShown, ...]


class RegulationsPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """All rules that may be cited; there is one page of them."""

    items: tuple[RegulationListed, ...]
    next: str | None


class RemedyCode(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """What may be claimed, offered or ruled, and what is then owed.

    `freight`: a ruling has to say who bears it.
    """

    zh: str
    en: str
    amount: bool | UnsetType = UNSET
    freight: bool | UnsetType = UNSET
    claimable: bool | UnsetType = UNSET
    obligations: tuple[Owed, ...]


class ReopeningBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """What is new since the case ended, and what evidence there is for it."""

    new_facts: str
    """What happened, in up to 5,000 characters. How much has to be said at least is in
    the policy (`facts_minimum`); less is refused with 422.
    """
    evidence_note: str
    """1-5,000 characters."""


class RepeatedFaults(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How many sellers have repeated faults, and those with the most."""

    sellers: int
    listed: tuple[SellerFaults, ...]


class Report(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What was counted, from which part of the record.

    `position` is that of the last event in the figures. `left_out` counts the cases
    that meet a definition but are in no period, because their source gives no date.
    `before` is the period before, if the figures are compared with it.
    `record_from` is there where no group is, as in a period that ends before the
    record begins.
    """

    period: str
    zone: str | None
    by: str
    category: str | None
    system: str | None
    position: int
    groups: tuple[Group, ...]
    left_out: dict[str, int]
    before: str | None = None
    record_from: str | None = None


class ReportShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A report, and by which code and definitions it was made."""

    report: Report
    definitions: tuple[Metric, ...]
    code_version: str


class Request(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What a side was asked for, beyond what the reason asks for anyway."""

    party: Party
    kinds: tuple[str, ...]


class RequirementShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What evidence the rules of proof ask a side for, and whether it is there."""

    party: Party
    required: tuple[str, ...]
    one_of: tuple[str, ...]
    optional: tuple[str, ...]
    satisfied: bool


class ResponseBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """The seller's answer. `offer` goes with the position "offer"."""

    position: str
    """A code; GET /v1/codes lists them."""
    statement: str | None | UnsetType = UNSET
    """1-5,000 characters."""
    offer: TermsBody | None | UnsetType = UNSET


class ResponseShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The seller's answer."""

    position: str
    at: datetime
    precision: Precision | None
    statement: str | None


class RestrictionBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Only keep a party's personal data from now on."""

    party: Literal["buyer", "seller"]
    basis: str
    """A law, an order or a request, by its number. It names nobody: it is kept
    unsealed.
    """


class RestrictionLiftingBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Let a party's personal data be worked with again."""

    party: Literal["buyer", "seller"]
    basis: str
    """A law, an order or a request, by its number. It names nobody: it is kept
    unsealed.
    """


class ResumptionBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Let a suspended case go on."""

    note: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class Reversal(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Of the appeals that were decided on one rule, category or person, how many won.

    `decided` cases with a decided appeal, of which `changed` were varied or set
    aside.
    """

    rate: float | None
    low: float | None
    high: float | None
    key: str
    decided: int
    changed: int


class Reversals(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The same appeals, cut three ways; a decision that cites two rules is in both."""

    whole: Reversal
    by_rule: tuple[Reversal, ...]
    by_category: tuple[Reversal, ...]
    by_decider: tuple[Reversal, ...]


class ReviewBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Ask that a human decide again."""

    statement: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class ReviewShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A party's request that a human decide again."""

    by: Party
    statement: str | None
    at: datetime


class RevocationBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Why a key is revoked."""

    reason: str | UnsetType = UNSET


class Role(Code):
    """What someone may do (standard, section 2)."""

    BUYER = "buyer"
    SELLER = "seller"
    MEDIATOR = "mediator"
    SUPERVISOR = "supervisor"
    CLOCK = "clock"
    PLATFORM = "platform"
    AUDITOR = "auditor"
    REGULATOR = "regulator"
    ANALYST = "analyst"


class RotationBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """For how long the earlier secret signs on, beside the new one."""

    overlap_hours: int | UnsetType = UNSET
    """Hours for which the earlier secret signs on."""


class RuleBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """A rule that is cited, in its version."""

    id: str
    """An id of the platform's own: 1-128 visible characters."""
    version: str
    """An id of the platform's own: 1-128 visible characters."""
    article: str
    """An id of the platform's own: 1-128 visible characters."""


class RuleCited(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A rule that a ruling rests on, in the version that was applied."""

    id: str
    version: str
    article: str | None = None


class RulingBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """The ruling: liability, remedies, and the reasons for them."""

    liability: str
    """A code; GET /v1/codes lists them."""
    remedies: tuple[TermsBody, ...]
    reasons: tuple[ReasonBody, ...]
    automation: Automation | UnsetType = UNSET
    model: str | None | UnsetType = UNSET
    """An id of the platform's own: 1-128 visible characters."""


class RulingDrafted(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A decision was prepared; it binds nobody until it is issued."""

    by: str
    liability: str
    remedies: tuple[Terms, ...]
    reasons: tuple[Reason, ...]
    automation: Automation | None = None
    model: str | None = None
    type: str


class RulingShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The ruling, and by what means; `text` is its reasons in words, zh and en."""

    liability: str
    remedies: tuple[TermsShown, ...]
    reasons: tuple[ReasonShown, ...]
    automation: Automation
    at: datetime
    model: str | None
    text: dict[str, str]


class SampleDrawn(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How a sample was drawn, so that it can be drawn again.

    Of the `population` of cases that `filters` found at `drawn_at`, those with the
    smallest SHA-256 of seed, ":" and id (in lower case, UTF-8).
    """

    size: int
    seed: str
    population: int
    filters: dict[str, str]
    drawn_at: datetime
    method: str


class Sanction(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A sanction that was imposed."""

    number: int
    kind: str
    breach: str
    published: bool
    lifted: bool
    end_published: bool


class SanctionBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """A sanction: its kind, the breach, and the measure in public words."""

    kind: str
    """A code; GET /v1/codes lists them."""
    breach: str
    """A code; GET /v1/codes lists them."""
    measure: str


class SanctionPublic(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A sanction as the public sees it. `lifted_at`: its published end (UTC)."""

    shop: str
    platform: str
    kind: str
    breach: str
    measure: str
    imposed_at: datetime | None
    published_at: datetime | None
    lifted_at: datetime | None
    words: dict[str, str]


class SanctionShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A sanction; it is published when it takes effect, and when it ends."""

    number: int
    kind: str
    breach: str
    measure: str
    at: datetime
    state: str


class SanctionsPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of the register of sanctions."""

    items: tuple[SanctionPublic, ...]
    next: str | None


class SellerCase(
    Struct,
    frozen=True,
    kw_only=True,
    tag_field="view",
    tag="seller",
):
    """A case as its seller is shown it."""

    view: ClassVar[Literal["seller"]] = "seller"
    id: UUID
    case_number: str
    version: int
    phase: Phase
    words: dict[str, str]
    platform: str
    channel: str
    category: str
    reason: str
    seller: str | None
    buyer: str | None
    order: OrderShown
    order_line: OrderLineShown | None
    claim: TermsShown | None
    facts: str | None
    evidence_note: str | None
    policy: str | None
    opened_at: datetime
    opened_precision: Precision | None
    closed_at: datetime | None
    closed_precision: Precision | None
    outcome: Outcome | None
    claim_result: ClaimResult | None
    refusal: RefusalShown | None
    withdrawal: WithdrawalShown | None
    response: ResponseShown | None
    offers: tuple[OfferShown, ...]
    escalation: EscalationShown | None
    evidence: tuple[EvidenceShown, ...]
    requirements: tuple[RequirementShown, ...]
    evidence_requests: tuple[EvidenceRequestShown, ...]
    burden: BurdenShown | None
    inquiries: tuple[InquiryShown, ...]
    messages: tuple[MessageShown, ...]
    ruling: RulingShown | None
    review: ReviewShown | None
    appeals: tuple[AppealShown, ...]
    suspension: SuspensionShown | None
    enforcement: tuple[EnforcementShown, ...]
    sanctions: tuple[SanctionShown, ...]
    money: MoneyTold | None
    referral: ReferralShown | None
    reopens: UUID | None
    new_facts: str | None
    obligations: tuple[ObligationShown, ...]
    restricted: tuple[str, ...]
    erased: tuple[str, ...]
    deadlines: tuple[DeadlineShown, ...]
    waiting_on: WaitingShown | None
    actions: tuple[ActionShown, ...]
    contacts: tuple[ContactShown, ...]
    served: tuple[ServiceShown, ...]


class SellerFaults(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A seller of a platform with at least `REPEATED` faults.

    Of `ruled` cases against them, `faults` hold them liable, alone or with the
    buyer, as it stands after appeals. `unanswered`: they let the time to answer
    pass; `defaulted`: they did not perform; `sanctioned`: a sanction followed.
    """

    rate: float | None
    low: float | None
    high: float | None
    platform: str
    seller: str
    ruled: int
    faults: int
    unanswered: int
    defaulted: int
    sanctioned: int


class SentAgain(
    Struct,
    frozen=True,
    kw_only=True,
):
    """How many dead letters wait to be sent again."""

    deliveries: int


class ServiceBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """A notice reached a party over a channel, such as a letter."""

    notice: NoticeKind
    party: Literal["buyer", "seller"]
    channel: Literal["in-site", "sms", "mail", "phone", "letter"]


class ServiceShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A notice that reached a party, over which channel and when."""

    notice: NoticeKind
    party: Party
    channel: str
    at: datetime


class SilenceShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What silence leads to at one of the steps where somebody is asked."""

    zh: str
    en: str
    on: str
    leads_to: str


class SnapshotBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """The order line as the client shows it: kept as filed, and shown with the case."""

    title: str | None | UnsetType = UNSET
    sku: str | None | UnsetType = UNSET
    """An id of the platform's own: 1-128 visible characters."""
    quantity: int | None | UnsetType = UNSET
    unit_price: MoneyBody | None | UnsetType = UNSET
    picture: str | None | UnsetType = UNSET
    """An https link; other characters percent-encoded."""
    shop: str | None | UnsetType = UNSET
    carrier: str | None | UnsetType = UNSET
    tracking_number: str | None | UnsetType = UNSET
    """An id of the platform's own: 1-128 visible characters."""


class SnapshotShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The order line as the client showed it when the case was filed."""

    title: str | None
    sku: str | None
    quantity: int | None
    unit_price: MoneyShown | None
    picture: str | None
    shop: str | None
    carrier: str | None
    tracking_number: str | None


class Span(
    Struct,
    frozen=True,
    kw_only=True,
):
    """When a clock stood still (UTC), and because of which event."""

    since: datetime
    version: int
    until: datetime | None = None


class StaffCase(
    Struct,
    frozen=True,
    kw_only=True,
    tag_field="view",
    tag="staff",
):
    """A case as staff, auditors and regulators are shown it: all of it."""

    view: ClassVar[Literal["staff"]] = "staff"
    id: UUID
    case_number: str
    version: int
    phase: Phase
    words: dict[str, str]
    platform: str
    channel: str
    category: str
    reason: str
    seller: str | None
    buyer: str | None
    order: OrderShown
    order_line: OrderLineShown | None
    claim: TermsShown | None
    facts: str | None
    evidence_note: str | None
    policy: str | None
    opened_at: datetime
    opened_precision: Precision | None
    closed_at: datetime | None
    closed_precision: Precision | None
    outcome: Outcome | None
    claim_result: ClaimResult | None
    refusal: RefusalShown | None
    withdrawal: WithdrawalShown | None
    response: ResponseShown | None
    offers: tuple[OfferShown, ...]
    escalation: EscalationShown | None
    evidence: tuple[EvidenceShown, ...]
    requirements: tuple[RequirementShown, ...]
    evidence_requests: tuple[EvidenceRequestShown, ...]
    burden: BurdenShown | None
    inquiries: tuple[InquiryShown, ...]
    messages: tuple[MessageShown, ...]
    ruling: RulingShown | None
    review: ReviewShown | None
    appeals: tuple[AppealShown, ...]
    suspension: SuspensionShown | None
    enforcement: tuple[EnforcementShown, ...]
    sanctions: tuple[SanctionShown, ...]
    money: MoneyTold | None
    referral: ReferralShown | None
    reopens: UUID | None
    new_facts: str | None
    obligations: tuple[ObligationShown, ...]
    restricted: tuple[str, ...]
    erased: tuple[str, ...]
    deadlines: tuple[DeadlineShown, ...]
    waiting_on: WaitingShown | None
    actions: tuple[ActionShown, ...]
    contacts: tuple[ContactShown, ...]
    served: tuple[ServiceShown, ...]
    contact: str | None
    assignee: str | None
    decided_by: str | None
    approved_by: str | None
    recused: tuple[str, ...]
    notes: tuple[NoteShown, ...]
    tags: tuple[str, ...]
    handovers: tuple[HandoverShown, ...]
    draft: DraftShown | None
    admission_note: str | None
    legal_holds: tuple[Hold, ...]
    imported: dict[str, str] | None
    corrections: tuple[CorrectionShown, ...]
    undelivered: tuple[UndeliveredShown, ...]


class StandingShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What counts against a seller now, and how it came to be."""

    seller: str
    points: int
    faults: dict[str, int]
    sanctions: tuple[str, ...]
    history: tuple[ChangeShown, ...]
    words: str


class State(Code):
    """ACTIVE: is sent events. PAUSED: they wait. DISABLED: there are none to wait.

    An endpoint that answers 410 is disabled. DELETED ones stay for their delivery
    log.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"
    DELETED = "deleted"


class StatementKeysPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The keys of statements."""

    items: tuple[EndorsedKey, ...]
    next: str | None


class StatusReport(
    Struct,
    frozen=True,
    kw_only=True,
):
    """The last report of a job: how far it has come, and what is wrong, if anything.

    For a thread, `reached` is how often it was started again.
    """

    part: str
    reached: int
    problem: str | None
    at: datetime


class Step(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One line of a replay: an event, and the state of the case after it."""

    version: int
    type: str
    at: datetime
    recorded_at: datetime
    actor: Actor
    command_id: UUID
    request: str | None
    trace: str | None
    policy: str | None
    imported: Imported | None
    payload: dict[str, Any]
    state: Dispute


class SuspensionBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Let the case stand still. `days` for an agreement, `note` for a court."""

    cause: SuspensionCause
    days: int | None | UnsetType = UNSET
    note: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class SuspensionCause(Code):
    """Why the whole case stands still."""

    AGREEMENT = "agreement"
    COURT = "court"
    POLICE = "police"
    PLATFORM = "platform"


class SuspensionProofBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Show that a court or the police have the matter."""

    proof: str
    """1-5,000 characters."""


class SuspensionShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Why the case stands still, since when, and whether it was proved."""

    cause: SuspensionCause
    by: Party
    since: datetime
    proved: bool
    over_at: datetime | None
    note: str | None


class TagsBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Which tags to put on the case, and which to take off."""

    add: tuple[str, ...] | UnsetType = UNSET
    remove: tuple[str, ...] | UnsetType = UNSET


class Terms(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What is claimed, offered or ruled; `kind` is a remedy code."""

    kind: str
    amount: MoneyShown | None = None
    freight: Party | None = None


class TermsBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """What is claimed, offered or ruled."""

    kind: str
    """A code; GET /v1/codes lists them."""
    amount: MoneyBody | None | UnsetType = UNSET
    freight: Literal["buyer", "seller"] | None | UnsetType = UNSET


class TermsShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What is claimed, offered or ruled."""

    kind: str
    amount: MoneyShown | None
    freight: Party | None


class TransitionShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """What cases pending under an older version do."""

    zh: str
    en: str
    rule: str


class Trigger(Code):
    """Why a case was handed to the platform (4.3.1)."""

    NO_AGREEMENT = "no-agreement"
    NO_RESPONSE = "no-response"
    NON_COOPERATION = "non-cooperation"
    PLATFORM = "platform"


class UndeliveredShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A notice that no channel could deliver; `causes` goes with `channels`."""

    notice: NoticeKind
    party: Party
    channels: tuple[str, ...]
    causes: tuple[str, ...]
    at: datetime


class ViewHealth(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Where a view stands. `lag`: events behind; `parked`: cases set aside.

    `skipped`: events that it passes over, because two people said so. `audited_at`:
    when it was last held against the record as a whole, `audited_upto`: up to which
    position; None: never. `differs`: the first row that is not what the record
    says, until a whole round finds none. `unusable`: why this program cannot use
    it, such as a table that is gone.
    """

    name: str
    position: int
    lag: int
    parked: int
    halted: str | None
    skipped: int
    audited_at: datetime | None
    audited_upto: int | None
    differs: str | None
    unusable: str | None


class WaitingShown(
    Struct,
    frozen=True,
    kw_only=True,
    rename={"for_": "for"},
):
    """Who is waited for, for what, until when, and what silence leads to."""

    party: Party
    for_: str
    due: datetime | None
    silence: str
    words: str


class WebhookBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Where events are sent, and of which kinds; without `events`, of every kind."""

    url: str
    """https, without user, password or fragment; no private address."""
    events: tuple[Literal["filed", "withdrawn", "admitted", "refused", "referred", "mediator-assigned", "mediator-recused", "note-added", "case-tagged", "notice-served", "notice-undelivered", "contact-stated", "seller-responded", "message-posted", "offer-made", "offer-accepted", "offer-declined", "offer-lapsed", "escalated", "evidence-requested", "evidence-submitted", "evidence-handed-in", "evidence-closed", "evidence-assessed", "burden-assigned", "inquiry-sent", "inquiry-answered", "ruling-drafted", "ruled", "review-requested", "appeal-filed", "appeal-refused", "appeal-decided", "fulfilled", "fulfilment-contested", "obligation-confirmed", "defaulted", "closed", "enforcement-ordered", "enforcement-executed", "enforcement-failed", "advance-recovered", "deadline-missed", "deadline-extended", "clocks-paused", "clocks-resumed", "suspension-requested", "suspended", "suspension-proved", "resumed", "sanction-imposed", "sanction-published", "sanction-lifted", "legal-hold-placed", "legal-hold-lifted", "restricted", "restriction-lifted", "subject-erased", "corrected", "import-withdrawn"], ...] | None | UnsetType = UNSET
    """Kinds of events."""


class WebhookChangeBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """What is to be another: what is left out stays.

    `all_events` ends the choice of kinds. `state`: messages to a paused endpoint
    wait; an active one that was disabled is told of what comes from now on.
    """

    url: str | None | UnsetType = UNSET
    """https, without user, password or fragment; no private address."""
    events: tuple[Literal["filed", "withdrawn", "admitted", "refused", "referred", "mediator-assigned", "mediator-recused", "note-added", "case-tagged", "notice-served", "notice-undelivered", "contact-stated", "seller-responded", "message-posted", "offer-made", "offer-accepted", "offer-declined", "offer-lapsed", "escalated", "evidence-requested", "evidence-submitted", "evidence-handed-in", "evidence-closed", "evidence-assessed", "burden-assigned", "inquiry-sent", "inquiry-answered", "ruling-drafted", "ruled", "review-requested", "appeal-filed", "appeal-refused", "appeal-decided", "fulfilled", "fulfilment-contested", "obligation-confirmed", "defaulted", "closed", "enforcement-ordered", "enforcement-executed", "enforcement-failed", "advance-recovered", "deadline-missed", "deadline-extended", "clocks-paused", "clocks-resumed", "suspension-requested", "suspended", "suspension-proved", "resumed", "sanction-imposed", "sanction-published", "sanction-lifted", "legal-hold-placed", "legal-hold-lifted", "restricted", "restriction-lifted", "subject-erased", "corrected", "import-withdrawn"], ...] | None | UnsetType = UNSET
    """Kinds of events."""
    all_events: bool | UnsetType = UNSET
    state: Literal["active", "paused"] | None | UnsetType = UNSET


class WebhookChangeKind(Code):
    """What was changed about an endpoint."""

    CREATED = "created"
    CHANGED = "changed"
    PAUSED = "paused"
    RESUMED = "resumed"
    DISABLED = "disabled"
    DELETED = "deleted"
    SECRET_ROTATED = "secret-rotated"


class WebhookChangeShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """A change of an endpoint: who, when, and where it led after it."""

    change: WebhookChangeKind
    url: str
    events: tuple[str, ...] | None
    changed_by: str
    changed_at: datetime


class WebhookChangesPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """All changes of an endpoint, the first one first."""

    items: tuple[WebhookChangeShown, ...]
    next: str | None


class WebhookMade(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An endpoint with a new secret.

    The secret is shown this once; null: the request is repeated, too late for that.
    """

    webhook: WebhookShown
    secret: str | None


class WebhookShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """An endpoint that is told of events; times are UTC.

    `events` null: of every kind. `after`: it is told of events behind this
    position. `failed_at`: when an attempt failed after which none has succeeded.
    """

    id: UUID
    url: str
    events: tuple[str, ...] | None
    state: State
    after: int
    created_at: datetime
    failed_at: datetime | None


class WebhooksPage(
    Struct,
    frozen=True,
    kw_only=True,
):
    """One page of endpoints."""

    items: tuple[WebhookShown, ...]
    next: str | None


class WithdrawalBody(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
):
    """Give the case up."""

    reason: str | None | UnsetType = UNSET
    """1-5,000 characters."""


class WithdrawalShown(
    Struct,
    frozen=True,
    kw_only=True,
):
    """Why the buyer gave the case up; `deemed`: by silence."""

    reason: str | None
    deemed: bool
    at: datetime


CaseShown = SellerCase | BuyerCase | StaffCase
"""A case as its reader is shown it; `view` tells which of these it is."""
