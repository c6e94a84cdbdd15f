"""A method for each operation of the API: written from its OpenAPI document.

Do not edit: `CLIENT=write pytest tests/clients/test_client_package.py` writes it anew.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ..api_call import ApiCall, ApiCaller, path_part
from ..file_source import FileSource
from .models import (
    AccessPage,
    AdmissionBody,
    ApiKeyBody,
    ApiKeyMade,
    ApiKeyShown,
    ApiKeysPage,
    AppealBody,
    AppealDecisionBody,
    AppealRefusalBody,
    AssessmentBody,
    AssignmentBody,
    BurdenBody,
    By,
    CaseShown,
    CasesPage,
    ClockBody,
    ClockShown,
    CodesShown,
    Consistency,
    ConsistencyReport,
    ContactBody,
    ContestBody,
    CountedPage,
    CountsShown,
    DeclineBody,
    DeliveriesPage,
    DeliveryShown,
    DeliveryState,
    DeliveryWhole,
    DifferenceShown,
    DraftBody,
    Edition,
    EditionsPage,
    EligibilityShown,
    EnforcementBody,
    EnforcementFailureBody,
    ErasureBody,
    ErasureShown,
    ErasuresPage,
    EscalationBody,
    EventMessage,
    EvidenceRequestBody,
    ExecutionBody,
    ExtensionBody,
    FactsPage,
    FilingBody,
    FulfilmentBody,
    Grant,
    GrantBody,
    GrantsPage,
    Health,
    History,
    HoldBody,
    HoldLiftingBody,
    ImportsPage,
    InquiryAnswerBody,
    InquiryBody,
    KeyEndsPage,
    Language,
    LedgerShown,
    LiftingBody,
    LinkShown,
    LogKeysPage,
    LogState,
    MessageBody,
    MetricsPage,
    NoteBody,
    NoticeDeliveriesPage,
    NoticeDeliveryShown,
    NoticesPage,
    OfferBody,
    Outcome,
    PairsPage,
    Party,
    Phase,
    PoliciesPage,
    PolicyShown,
    Proofs,
    PublicReport,
    PublicationBody,
    PublishedReport,
    QueueCountsShown,
    Readiness,
    Receipt,
    Receipts,
    RecoveryBody,
    RecusalBody,
    ReferralBody,
    RefusalBody,
    RegulationShown,
    RegulationsPage,
    ReopeningBody,
    Report,
    ReportShown,
    ResponseBody,
    RestrictionBody,
    RestrictionLiftingBody,
    ResumptionBody,
    Reversals,
    ReviewBody,
    RevocationBody,
    RotationBody,
    RulingBody,
    SanctionBody,
    SanctionsPage,
    SentAgain,
    ServiceBody,
    StandingShown,
    StatementKeysPage,
    Step,
    SuspensionBody,
    SuspensionProofBody,
    TagsBody,
    WebhookBody,
    WebhookChangeBody,
    WebhookChangeKind,
    WebhookChangesPage,
    WebhookMade,
    WebhookShown,
    WebhooksPage,
    WithdrawalBody,
)


class Operations(ApiCaller):
    """Every operation of the API by its name.

    A POST keeps one `Idempotency-Key` over its retries. Whoever repeats a call on their
    own passes `idempotency_key`. Raises `ProblemRaised` for what is refused, and
    `Unreachable` if there was no answer.
    """

    def accept_offer(
        self,
        dispute_id: UUID,
        number: int,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Agree to an open offer of the other side. Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/offers/{path_part(number)}/acceptance",
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def add_note(
        self,
        dispute_id: UUID,
        body: NoteBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Note something for the platform's own people; parties never see it."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/notes",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def admit_dispute(
        self,
        dispute_id: UUID,
        body: AdmissionBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Take the case; the seller is then served notice."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/admission",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def advance_clock(
        self,
        body: ClockBody,
    ) -> ClockShown:
        """Move the clock forward; what falls due by then, the worker does at once."""
        call = ApiCall(
            "POST",
            "/v1/sandbox/clock",
            body=body,
        )
        answer: ClockShown = self.answer(call, ClockShown)
        return answer

    def answer_inquiry(
        self,
        dispute_id: UUID,
        number: int,
        body: InquiryAnswerBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Record what the third party answered; stopped clocks run on."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/inquiries/{path_part(number)}/answer",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def appeal_ruling(
        self,
        dispute_id: UUID,
        body: AppealBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Appeal once, in time, with new evidence or a stated error."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/appeal",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def approve_erasure(
        self,
        erasure_id: UUID,
        *,
        idempotency_key: str | None = None,
    ) -> ErasureShown:
        """Approve, as another supervisor; the worker then erases. Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/erasures/{path_part(erasure_id)}/approval",
            key=idempotency_key,
            takes_key=True,
        )
        answer: ErasureShown = self.answer(call, ErasureShown)
        return answer

    def approve_ruling_draft(
        self,
        dispute_id: UUID,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Issue, as the second person, what another drafted. Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/ruling-draft/approval",
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def assess_evidence(
        self,
        dispute_id: UUID,
        number: int,
        body: AssessmentBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Weigh an item for authenticity, relevance and legality."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/evidence/{path_part(number)}/assessment",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def assign_burden(
        self,
        dispute_id: UUID,
        body: BurdenBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Shift the burden of proof to a side, by a rule and with a reason."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/burden",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def assign_dispute(
        self,
        dispute_id: UUID,
        body: AssignmentBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Take the case, or give it to another mediator (supervisor)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/assignment",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def change_webhook(
        self,
        webhook_id: UUID,
        body: WebhookChangeBody,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookShown:
        """WebhookChangeKind URL or kinds of events, pause it, or let it go on."""
        call = ApiCall(
            "POST",
            f"/v1/webhooks/{path_part(webhook_id)}/change",
            body=body,
            key=idempotency_key,
            takes_key=True,
        )
        answer: WebhookShown = self.answer(call, WebhookShown)
        return answer

    def check_eligibility(
        self,
        body: FilingBody,
    ) -> EligibilityShown:
        """Say what filing this would lead to, until when, and what is missing.

        Nothing is recorded, and no Idempotency-Key is needed.
        """
        call = ApiCall(
            "POST",
            "/v1/disputes/eligibility",
            body=body,
        )
        answer: EligibilityShown = self.answer(call, EligibilityShown)
        return answer

    def check_liveness(
        self,
    ) -> dict[str, str]:
        """Answer as long as the process does."""
        call = ApiCall(
            "GET",
            "/health/live",
        )
        answer: dict[str, str] = self.answer(call, dict[str, str])
        return answer

    def check_readiness(
        self,
    ) -> Readiness | Health:
        """Tell whether all is well; 503 if not, with the parts that are not.

        Auditors and regulators of no single platform are told what is wrong: halted
        views, cases set aside, lag.
        """
        call = ApiCall(
            "GET",
            "/health/ready",
        )
        answer: Readiness | Health = self.answer(call, Readiness | Health)
        return answer

    def claim_next_dispute(
        self,
        *,
        categories: str | None = None,
        language: Language | None = None,
        most_open: int | None = None,
        idempotency_key: str | None = None,
    ) -> CaseShown:
        """Take the most urgent case that waits for the platform and that nobody has.

        Of two who claim at once, each gets another case. 404 when there is none,
        409 for who has `most_open` live cases already, or as many as the platform
        allows.
        """
        call = ApiCall(
            "POST",
            "/v1/queue/claim",
            query={
                "categories": categories,
                "language": language,
                "most_open": most_open,
            },
            key=idempotency_key,
            takes_key=True,
        )
        answer: CaseShown = self.answer(call, CaseShown)
        return answer

    def compare_dispute(
        self,
        dispute_id: UUID,
        *,
        from_: str,
        to: str,
        by: By | None = None,
    ) -> DifferenceShown:
        """Return the events added, and each field of the state before and after."""
        call = ApiCall(
            "GET",
            f"/v1/audit/disputes/{path_part(dispute_id)}/difference",
            query={
                "from": from_,
                "to": to,
                "by": by,
            },
        )
        answer: DifferenceShown = self.answer(call, DifferenceShown)
        return answer

    def confirm_fulfilment(
        self,
        dispute_id: UUID,
        number: int,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Confirm that an obligation was performed (creditor). Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/fulfilments/{path_part(number)}/confirmation",
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def contest_fulfilment(
        self,
        dispute_id: UUID,
        number: int,
        body: ContestBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Say that what was reported was not performed (creditor)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/fulfilments/{path_part(number)}/contest",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def count_disputes(
        self,
        *,
        phase: Phase | None = None,
        category: str | None = None,
        reason: str | None = None,
        overdue: bool | None = None,
        live: bool | None = None,
        seller: str | None = None,
        buyer: str | None = None,
        party: str | None = None,
        order: str | None = None,
        assignee: str | None = None,
        case_number: str | None = None,
        waiting_on: Party | None = None,
        changed_since: datetime | None = None,
        text: str | None = None,
        tag: str | None = None,
        outcome: Outcome | None = None,
        decider: str | None = None,
        liability: str | None = None,
        min_amount: str | None = None,
        max_amount: str | None = None,
        currency: str | None = None,
        closed_since: datetime | None = None,
        closed_until: datetime | None = None,
        platform: str | None = None,
        after: str | None = None,
    ) -> CountsShown:
        """Count one's own cases (parties) or all (staff), by the list's filters."""
        call = ApiCall(
            "GET",
            "/v1/disputes/counts",
            query={
                "phase": phase,
                "category": category,
                "reason": reason,
                "overdue": overdue,
                "live": live,
                "seller": seller,
                "buyer": buyer,
                "party": party,
                "order": order,
                "assignee": assignee,
                "case_number": case_number,
                "waiting_on": waiting_on,
                "changed_since": changed_since,
                "text": text,
                "tag": tag,
                "outcome": outcome,
                "decider": decider,
                "liability": liability,
                "min_amount": min_amount,
                "max_amount": max_amount,
                "currency": currency,
                "closed_since": closed_since,
                "closed_until": closed_until,
                "platform": platform,
                "after": after,
            },
        )
        answer: CountsShown = self.answer(call, CountsShown)
        return answer

    def count_queue(
        self,
        *,
        after: str | None = None,
    ) -> QueueCountsShown:
        """Count the live cases of the queue (mediators, supervisors).

        By phase and by who is waited for, each with how many are overdue, and by
        who has them. A case that waits for both parties counts under "both".
        Appeals are counted for supervisors only.
        """
        call = ApiCall(
            "GET",
            "/v1/queue/counts",
            query={
                "after": after,
            },
        )
        answer: QueueCountsShown = self.answer(call, QueueCountsShown)
        return answer

    def create_api_key(
        self,
        body: ApiKeyBody,
        *,
        idempotency_key: str | None = None,
    ) -> ApiKeyMade:
        """Make a key for a program; it holds in every process within a second.

        A supervisor makes keys of the roles platform and analyst for their own
        platform; a regulator, of the roles auditor, regulator and analyst.
        """
        call = ApiCall(
            "POST",
            "/v1/api-keys",
            body=body,
            key=idempotency_key,
            takes_key=True,
        )
        answer: ApiKeyMade = self.answer(call, ApiKeyMade)
        return answer

    def create_webhook(
        self,
        body: WebhookBody,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookMade:
        """Have a URL told of what is recorded from now on (supervisor, platform).

        The answer holds the secret that signs the messages. It is not shown again.
        """
        call = ApiCall(
            "POST",
            "/v1/webhooks",
            body=body,
            key=idempotency_key,
            takes_key=True,
        )
        answer: WebhookMade = self.answer(call, WebhookMade)
        return answer

    def decide_appeal(
        self,
        dispute_id: UUID,
        body: AppealDecisionBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Uphold, vary or set aside; who decided first may not."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/appeal/decision",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def decline_offer(
        self,
        dispute_id: UUID,
        number: int,
        body: DeclineBody | None = None,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Decline an open offer of the other side; a message is optional."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/offers/{path_part(number)}/decline",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def delete_webhook(
        self,
        webhook_id: UUID,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookShown:
        """Send it nothing more; what waits is cancelled. Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/webhooks/{path_part(webhook_id)}/deletion",
            key=idempotency_key,
            takes_key=True,
        )
        answer: WebhookShown = self.answer(call, WebhookShown)
        return answer

    def download_attachment(
        self,
        dispute_id: UUID,
        number: int,
        *,
        width: int | None = None,
    ) -> bytes:
        """Return the bytes of the file that came with a message.

        With `width`, a thumbnail of a picture.
        """
        call = ApiCall(
            "GET",
            f"/v1/disputes/{path_part(dispute_id)}/messages/{path_part(number)}/attachment",
            query={
                "width": width,
            },
            answer="bytes",
        )
        answer: bytes = self.answer(call, bytes)
        return answer

    def download_bundle(
        self,
        dispute_id: UUID,
        *,
        with_files: bool | None = None,
        opened: bool | None = None,
        stamp: bool | None = None,
    ) -> bytes:
        """Return a zip: events, proofs, rules, reasons, deadlines, timelines.

        The same case at the same checkpoint gives the same bytes. `with_files` adds
        the evidence, sealed as it is stored; `opened` adds texts and files in
        clear, which rest on the platform's word; `stamp=false` leaves the time
        stamp out, as when the authority gives none. The page `/verify` checks it,
        or the program that `redress verifier` writes. A case that was taken over
        from another log is given as it came.
        """
        call = ApiCall(
            "GET",
            f"/v1/audit/disputes/{path_part(dispute_id)}/bundle",
            query={
                "with_files": with_files,
                "opened": opened,
                "stamp": stamp,
            },
            answer="bytes",
        )
        answer: bytes = self.answer(call, bytes)
        return answer

    def download_bundles(
        self,
        *,
        cases: str,
        with_files: bool | None = None,
        opened: bool | None = None,
        stamp: bool | None = None,
    ) -> bytes:
        """Return a zip with the bundle of each case, and a signed list of them.

        `cases` are the ids, with commas between them; up to a hundred. Both
        verifiers take it, with a verdict for each case and one for all. See the
        bundle of a single case for the other parameters.
        """
        call = ApiCall(
            "GET",
            "/v1/audit/bundle",
            query={
                "cases": cases,
                "with_files": with_files,
                "opened": opened,
                "stamp": stamp,
            },
            answer="bytes",
        )
        answer: bytes = self.answer(call, bytes)
        return answer

    def download_evidence(
        self,
        dispute_id: UUID,
        number: int,
        *,
        width: int | None = None,
    ) -> bytes:
        """Return a file's bytes; `Digest` and `Repr-Digest` hold their SHA-256.

        With `width`, a thumbnail of a picture, which has no digest and no metadata.
        """
        call = ApiCall(
            "GET",
            f"/v1/disputes/{path_part(dispute_id)}/evidence/{path_part(number)}",
            query={
                "width": width,
            },
            answer="bytes",
        )
        answer: bytes = self.answer(call, bytes)
        return answer

    def download_linked_file(
        self,
        link: str,
    ) -> bytes:
        """Return the bytes that a link is for. No token is needed.

        What an auditor or a regulator reads through a link is recorded like any
        read.
        """
        call = ApiCall(
            "GET",
            f"/v1/files/{path_part(link)}",
            answer="bytes",
        )
        answer: bytes = self.answer(call, bytes)
        return answer

    def draft_ruling(
        self,
        dispute_id: UUID,
        body: DraftBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Prepare a ruling; above the policy's amount another has to issue it."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/ruling-draft",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def escalate_dispute(
        self,
        dispute_id: UUID,
        body: EscalationBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Hand the case to the platform, on a trigger that holds now."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/escalation",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def extend_deadline(
        self,
        dispute_id: UUID,
        body: ExtensionBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Give a running limit the more time that the policy allows, once."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/extension",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def file_dispute(
        self,
        body: FilingBody,
        *,
        idempotency_key: str | None = None,
    ) -> CaseShown:
        """File as a buyer, or as the platform or its staff for the named buyer.

        Where cases on the order line are all of other buyers, nobody else is named.
        Answers 201 with the case; `Location` is where it is, `ETag` its version.
        """
        call = ApiCall(
            "POST",
            "/v1/disputes",
            body=body,
            key=idempotency_key,
            takes_key=True,
        )
        answer: CaseShown = self.answer(call, CaseShown)
        return answer

    def get_delivery(
        self,
        webhook_id: UUID,
        delivery_id: UUID,
    ) -> DeliveryWhole:
        """Show a message with every attempt at it."""
        call = ApiCall(
            "GET",
            f"/v1/webhooks/{path_part(webhook_id)}/deliveries/{path_part(delivery_id)}",
        )
        answer: DeliveryWhole = self.answer(call, DeliveryWhole)
        return answer

    def get_webhook(
        self,
        webhook_id: UUID,
    ) -> WebhookShown:
        """Show a webhook, without its secret; also a deleted one."""
        call = ApiCall(
            "GET",
            f"/v1/webhooks/{path_part(webhook_id)}",
        )
        answer: WebhookShown = self.answer(call, WebhookShown)
        return answer

    def grant_access(
        self,
        body: GrantBody,
        *,
        idempotency_key: str | None = None,
    ) -> Grant:
        """Let an auditor or a regulator read for 366 days at most (supervisor)."""
        call = ApiCall(
            "POST",
            "/v1/audit/grants",
            body=body,
            key=idempotency_key,
            takes_key=True,
        )
        answer: Grant = self.answer(call, Grant)
        return answer

    def hand_in_evidence(
        self,
        dispute_id: UUID,
        number: int,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Make a draft evidence. Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/evidence/{path_part(number)}/handing-in",
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def impose_sanction(
        self,
        dispute_id: UUID,
        body: SanctionBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Warn, restrict or suspend a seller in breach (supervisor)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/sanctions",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def lift_legal_hold(
        self,
        dispute_id: UUID,
        number: int,
        body: HoldLiftingBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """End a hold; one that a regulator placed, only regulators lift."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/legal-holds/{path_part(number)}/lifting",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def lift_restriction(
        self,
        dispute_id: UUID,
        body: RestrictionLiftingBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Let a party's personal data be worked with again (supervisor)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/restriction/lifting",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def lift_sanction(
        self,
        dispute_id: UUID,
        number: int,
        body: LiftingBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """End a sanction (supervisor)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/sanctions/{path_part(number)}/lifting",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def link_attachment(
        self,
        dispute_id: UUID,
        number: int,
        *,
        width: int | None = None,
    ) -> LinkShown:
        """Return an address of the file, or of a thumbnail, for five minutes."""
        call = ApiCall(
            "GET",
            f"/v1/disputes/{path_part(dispute_id)}/messages/{path_part(number)}/attachment/link",
            query={
                "width": width,
            },
        )
        answer: LinkShown = self.answer(call, LinkShown)
        return answer

    def link_evidence(
        self,
        dispute_id: UUID,
        number: int,
        *,
        width: int | None = None,
    ) -> LinkShown:
        """Return an address of the file, or of a thumbnail, for five minutes.

        Whoever has the address reads that file, and nothing else, as the caller
        may; it ends when the caller may not any more.
        """
        call = ApiCall(
            "GET",
            f"/v1/disputes/{path_part(dispute_id)}/evidence/{path_part(number)}/link",
            query={
                "width": width,
            },
        )
        answer: LinkShown = self.answer(call, LinkShown)
        return answer

    def list_api_keys(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> ApiKeysPage:
        """List the keys that the caller may make, the latest first, without secrets."""
        call = ApiCall(
            "GET",
            "/v1/api-keys",
            query={
                "limit": limit,
                "cursor": cursor,
            },
        )
        answer: ApiKeysPage = self.answer(call, ApiKeysPage)
        return answer

    def list_cases_of_figure(
        self,
        period: str,
        *,
        figure: Literal["opened", "opened-reasons", "admitted", "refused", "refusal-rate", "admission-in-time", "days-to-admission", "days-to-admission-net", "reached-ruling", "reached-performance", "reached-appeal", "repeat-complaints", "referred", "answered", "response-missed", "response-in-time", "response-in-time-with-pending", "escalated", "escalation-rate", "days-to-response", "days-to-response-net", "days-to-agreement", "days-to-agreement-net", "ruled", "ruling-in-time", "ruled-by-machine", "days-to-ruling", "days-to-ruling-net", "closed", "closed-in-time", "resolved", "discontinued", "withdrawn", "unfounded", "unfounded-of-all", "repeat-unfounded", "settlement-rate", "settlement-rate-of-all", "claim-met", "claim-partly-met", "claim-not-met", "claim-met-rate", "claim-met-rate-with-partly", "performed-in-time", "days-open", "days-open-net", "days-to-performance", "days-to-performance-net", "claimed", "awarded", "paid", "unpaid", "ruled-remedies", "ruled-liability-remedies", "automation", "human-reviews", "human-reviews-decided", "human-review-change-rate", "appealed", "appeals-decided", "reversal-rate", "days-to-appeal-decision", "days-to-appeal-decision-net", "appeals-refused", "seller-appeals", "seller-appeals-decided", "days-to-seller-appeal-decision", "compliance-rate", "performed", "compliance-rate-of-owed", "defaulted", "suspended", "sanctioned", "advanced", "recovered", "outstanding"] | None = None,
        metric: str | None = None,
        by: str | None = None,
        group: str | None = None,
        part: str | None = None,
        out_of: Literal["numerator", "denominator"] | None = None,
        zone: str | None = None,
        category: str | None = None,
        source: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: str | None = None,
    ) -> CountedPage:
        """List the cases that a figure counts, in the order of their ids.

        The report's own parameters, and `figure`, its `group` (the key in the
        report) and its `part`. `out_of=denominator` lists what a share is counted
        out of.
        """
        call = ApiCall(
            "GET",
            f"/v1/transparency/reports/{path_part(period)}/cases",
            query={
                "figure": figure,
                "metric": metric,
                "by": by,
                "group": group,
                "part": part,
                "out_of": out_of,
                "zone": zone,
                "category": category,
                "source": source,
                "limit": limit,
                "cursor": cursor,
                "after": after,
            },
        )
        answer: CountedPage = self.answer(call, CountedPage)
        return answer

    def list_codes(
        self,
    ) -> CodesShown:
        """Return categories, reasons, remedies, grounds … in zh and en. Public.

        Also what nobody can extend: phases, outcomes, triggers, what is awaited ….
        """
        call = ApiCall(
            "GET",
            "/v1/codes",
        )
        answer: CodesShown = self.answer(call, CodesShown)
        return answer

    def list_deliveries(
        self,
        webhook_id: UUID,
        *,
        state: DeliveryState | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> DeliveriesPage:
        """List a webhook's messages, the last first: `state=dead` for dead letters."""
        call = ApiCall(
            "GET",
            f"/v1/webhooks/{path_part(webhook_id)}/deliveries",
            query={
                "state": state,
                "limit": limit,
                "cursor": cursor,
            },
        )
        answer: DeliveriesPage = self.answer(call, DeliveriesPage)
        return answer

    def list_differing_pairs(
        self,
        period: str,
        *,
        zone: str | None = None,
        category: str | None = None,
        source: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: str | None = None,
    ) -> PairsPage:
        """List each case beside the alike one before it, if decided differently.

        Alike are category, reason, rules cited, band of the amount and kinds of
        evidence; different is who is liable, or the remedy. Only cases that the
        reader may read are compared.
        """
        call = ApiCall(
            "GET",
            f"/v1/transparency/consistency/{path_part(period)}/pairs",
            query={
                "zone": zone,
                "category": category,
                "source": source,
                "limit": limit,
                "cursor": cursor,
                "after": after,
            },
        )
        answer: PairsPage = self.answer(call, PairsPage)
        return answer

    def list_disputes(
        self,
        *,
        phase: Phase | None = None,
        category: str | None = None,
        reason: str | None = None,
        overdue: bool | None = None,
        live: bool | None = None,
        seller: str | None = None,
        buyer: str | None = None,
        party: str | None = None,
        order: str | None = None,
        assignee: str | None = None,
        case_number: str | None = None,
        waiting_on: Party | None = None,
        changed_since: datetime | None = None,
        text: str | None = None,
        tag: str | None = None,
        outcome: Outcome | None = None,
        decider: str | None = None,
        liability: str | None = None,
        min_amount: str | None = None,
        max_amount: str | None = None,
        currency: str | None = None,
        closed_since: datetime | None = None,
        closed_until: datetime | None = None,
        platform: str | None = None,
        count: bool | None = None,
        sample: int | None = None,
        seed: str | None = None,
        sort: Literal["due", "opened", "changed"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: str | None = None,
    ) -> CasesPage:
        """List one's own cases (parties) or all (staff), the last opened first.

        `waiting_on=seller` also finds what waits for both parties. `count=true`
        adds how many there are in all. `sort=changed` puts the longest unchanged
        first. `decider` has refused, ruled, or decided an appeal; amounts are
        claimed ones. `sample=20&seed=…` draws that many at random, the same again
        with the same seed. `format=csv` answers a table. `after=<case>:<version>`
        waits, bounded, until the list knows that version. Who sees all platforms
        names a party's `platform`.
        """
        call = ApiCall(
            "GET",
            "/v1/disputes",
            query={
                "phase": phase,
                "category": category,
                "reason": reason,
                "overdue": overdue,
                "live": live,
                "seller": seller,
                "buyer": buyer,
                "party": party,
                "order": order,
                "assignee": assignee,
                "case_number": case_number,
                "waiting_on": waiting_on,
                "changed_since": changed_since,
                "text": text,
                "tag": tag,
                "outcome": outcome,
                "decider": decider,
                "liability": liability,
                "min_amount": min_amount,
                "max_amount": max_amount,
                "currency": currency,
                "closed_since": closed_since,
                "closed_until": closed_until,
                "platform": platform,
                "count": count,
                "sample": sample,
                "seed": seed,
                "sort": sort,
                "limit": limit,
                "cursor": cursor,
                "after": after,
            },
        )
        answer: CasesPage = self.answer(call, CasesPage)
        return answer

    def list_erasures(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> ErasuresPage:
        """List erasures, the last requested first."""
        call = ApiCall(
            "GET",
            "/v1/erasures",
            query={
                "limit": limit,
                "cursor": cursor,
            },
        )
        answer: ErasuresPage = self.answer(call, ErasuresPage)
        return answer

    def list_grants(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> GrantsPage:
        """List grants, the last given first; those that are over too."""
        call = ApiCall(
            "GET",
            "/v1/audit/grants",
            query={
                "limit": limit,
                "cursor": cursor,
            },
        )
        answer: GrantsPage = self.answer(call, GrantsPage)
        return answer

    def list_imports(
        self,
        *,
        platform: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> ImportsPage:
        """List imports, the newest first: files, mapping, counts, positions."""
        call = ApiCall(
            "GET",
            "/v1/imports",
            query={
                "platform": platform,
                "limit": limit,
                "cursor": cursor,
            },
        )
        answer: ImportsPage = self.answer(call, ImportsPage)
        return answer

    def list_key_ends(
        self,
    ) -> KeyEndsPage:
        """Return the signed notes that say up to which size older keys count.

        Each has the lines `redress log keys end`, the log's name, the size, and the
        keys; newer keys have signed it.
        """
        call = ApiCall(
            "GET",
            "/v1/log/key-ends",
        )
        answer: KeyEndsPage = self.answer(call, KeyEndsPage)
        return answer

    def list_log_keys(
        self,
    ) -> LogKeysPage:
        """Return every key, what it signs, and the note by which others name it.

        `use` is `log` (it signs checkpoints) or `statements` (with it the
        application signs events and bundles); `signs`: it signs now. Both verifiers
        take the whole answer (`--keys FILE`). Pin a key that you were given
        otherwise, and follow endorsements from there.
        """
        call = ApiCall(
            "GET",
            "/v1/log/keys",
        )
        answer: LogKeysPage = self.answer(call, LogKeysPage)
        return answer

    def list_metrics(
        self,
    ) -> MetricsPage:
        """Return what each figure counts, out of what, dated by what. Public."""
        call = ApiCall(
            "GET",
            "/v1/transparency/metrics",
        )
        answer: MetricsPage = self.answer(call, MetricsPage)
        return answer

    def list_notice_deliveries(
        self,
        dispute_id: UUID,
    ) -> NoticeDeliveriesPage:
        """List the mails and short messages of a case, and how far each is."""
        call = ApiCall(
            "GET",
            f"/v1/disputes/{path_part(dispute_id)}/deliveries",
        )
        answer: NoticeDeliveriesPage = self.answer(call, NoticeDeliveriesPage)
        return answer

    def list_notices(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        after: str | None = None,
    ) -> NoticesPage:
        """List the caller's notices over all cases, the latest first (parties)."""
        call = ApiCall(
            "GET",
            "/v1/notices",
            query={
                "limit": limit,
                "cursor": cursor,
                "after": after,
            },
        )
        answer: NoticesPage = self.answer(call, NoticesPage)
        return answer

    def list_policies(
        self,
    ) -> PoliciesPage:
        """Return every profile in every version; one of them new cases get. Public."""
        call = ApiCall(
            "GET",
            "/v1/policies",
        )
        answer: PoliciesPage = self.answer(call, PoliciesPage)
        return answer

    def list_proofs(
        self,
        dispute_id: UUID,
    ) -> Proofs:
        """Return an inclusion proof for every event, and one for the case's head."""
        call = ApiCall(
            "GET",
            f"/v1/audit/disputes/{path_part(dispute_id)}/proof",
        )
        answer: Proofs = self.answer(call, Proofs)
        return answer

    def list_published_reports(
        self,
        *,
        name: str | None = None,
    ) -> EditionsPage:
        """List every edition, the latest first; `name`: those of one report. Public."""
        call = ApiCall(
            "GET",
            "/v1/transparency/published",
            query={
                "name": name,
            },
        )
        answer: EditionsPage = self.answer(call, EditionsPage)
        return answer

    def list_receipts(
        self,
        dispute_id: UUID,
    ) -> Receipts:
        """Return a receipt for each event of the case that the caller brought about.

        `event` has the stored bytes (base64) with the statement that the platform
        has signed; `proof` is `null` until the log has signed a tree that holds
        them. Keep a receipt as a file: the verifier of bundles reads it, without
        this API.
        """
        call = ApiCall(
            "GET",
            f"/v1/disputes/{path_part(dispute_id)}/receipts",
        )
        answer: Receipts = self.answer(call, Receipts)
        return answer

    def list_rules(
        self,
        *,
        in_force_on: date | None = None,
        policy: str | None = None,
    ) -> RegulationsPage:
        """Return every version that may be cited, or those of one case. Public."""
        call = ApiCall(
            "GET",
            "/v1/rules",
            query={
                "in_force_on": in_force_on,
                "policy": policy,
            },
        )
        answer: RegulationsPage = self.answer(call, RegulationsPage)
        return answer

    def list_sanctions(
        self,
        *,
        seller: str | None = None,
        platform: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> SanctionsPage:
        """List published sanctions, the latest first, with their ends. Public.

        `seller` takes the `platform` as well, on which that id is the seller's.
        """
        call = ApiCall(
            "GET",
            "/v1/sanctions",
            query={
                "seller": seller,
                "platform": platform,
                "limit": limit,
                "cursor": cursor,
            },
        )
        answer: SanctionsPage = self.answer(call, SanctionsPage)
        return answer

    def list_statement_keys(
        self,
    ) -> StatementKeysPage:
        """Return the keys of statements, with the notes in which the log names them."""
        call = ApiCall(
            "GET",
            "/v1/log/statement-keys",
        )
        answer: StatementKeysPage = self.answer(call, StatementKeysPage)
        return answer

    def list_webhook_changes(
        self,
        webhook_id: UUID,
    ) -> WebhookChangesPage:
        """List who changed what about a webhook, and when, the first change first."""
        call = ApiCall(
            "GET",
            f"/v1/webhooks/{path_part(webhook_id)}/changes",
        )
        answer: WebhookChangesPage = self.answer(call, WebhookChangesPage)
        return answer

    def list_webhooks(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> WebhooksPage:
        """List the platform's webhooks, the oldest first; not those deleted."""
        call = ApiCall(
            "GET",
            "/v1/webhooks",
            query={
                "limit": limit,
                "cursor": cursor,
            },
        )
        answer: WebhooksPage = self.answer(call, WebhooksPage)
        return answer

    def make_offer(
        self,
        dispute_id: UUID,
        body: OfferBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Propose terms; they take the place of one's own last offer."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/offers",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def order_enforcement(
        self,
        dispute_id: UUID,
        body: EnforcementBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Execute an obligation in default by a method."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/enforcement",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def place_legal_hold(
        self,
        dispute_id: UUID,
        body: HoldBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Forbid that anything of the case is erased (regulator, supervisor)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/legal-holds",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def post_message(
        self,
        dispute_id: UUID,
        body: MessageBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Say something to the others of the case."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/messages",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def post_message_with_file(
        self,
        dispute_id: UUID,
        *,
        file: FileSource,
        text: str,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown:
        """Say something to the others of the case, with a file.

        multipart/form-data with `text` and `file`. A file that is to prove
        something is evidence instead.
        """
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/messages/files",
            file=file,
            fields={"text": text},
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown = self.answer(call, CaseShown)
        return answer

    def prove_consistency(
        self,
        *,
        old: int,
        new: int,
    ) -> Consistency:
        """Return the consistency proof of RFC 6962 between two sizes of the tree."""
        call = ApiCall(
            "GET",
            "/v1/log/consistency",
            query={
                "old": old,
                "new": new,
            },
        )
        answer: Consistency = self.answer(call, Consistency)
        return answer

    def prove_suspension(
        self,
        dispute_id: UUID,
        body: SuspensionProofBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Show that a court or the police have the matter."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/suspension/proof",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def publish_report(
        self,
        body: PublicationBody,
        *,
        idempotency_key: str | None = None,
    ) -> Edition:
        """Publish the report of the supervisor's platform, as it is counted now.

        What is published never changes. Where the report has an edition, the next
        one corrects it, and needs a `reason`. 409 if it has none, if nothing
        differs, or while the period is not over in the platform's zone.
        """
        call = ApiCall(
            "POST",
            "/v1/transparency/published",
            body=body,
            key=idempotency_key,
            takes_key=True,
        )
        answer: Edition = self.answer(call, Edition)
        return answer

    def publish_sanction(
        self,
        dispute_id: UUID,
        number: int,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Record that a sanction, or its end, was made public. Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/sanctions/{path_part(number)}/publication",
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def read_access_log(
        self,
        *,
        reader: str | None = None,
        role: Literal["buyer", "seller", "mediator", "supervisor", "clock", "platform", "auditor", "regulator", "analyst"] | None = None,
        what: Literal["access-log", "attachment", "bundle", "case", "cases", "deadlines", "difference", "erasures", "events", "evidence", "grants", "history", "log-entries", "proof", "replay", "report", "search", "standing", "command", "other", "access-granted", "access-revoked", "position-skipped", "view-retried"] | None = None,
        dispute: UUID | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> AccessPage:
        """List what auditors and regulators read, the latest first.

        For auditors, regulators and supervisors. Reading it is recorded in it too.
        """
        call = ApiCall(
            "GET",
            "/v1/audit/access-log",
            query={
                "reader": reader,
                "role": role,
                "what": what,
                "dispute": dispute,
                "since": since,
                "until": until,
                "limit": limit,
                "cursor": cursor,
            },
        )
        answer: AccessPage = self.answer(call, AccessPage)
        return answer

    def read_checkpoint(
        self,
    ) -> str:
        """Return the latest checkpoint (C2SP tlog-checkpoint), a second old at most.

        Where the log is published once a quorum has cosigned it, that one.
        """
        call = ApiCall(
            "GET",
            "/v1/log/checkpoint",
            answer="text",
        )
        answer: str = self.answer(call, str)
        return answer

    def read_clock(
        self,
    ) -> ClockShown:
        """Return the time that this installation goes by."""
        call = ApiCall(
            "GET",
            "/v1/sandbox/clock",
        )
        answer: ClockShown = self.answer(call, ClockShown)
        return answer

    def read_consistency(
        self,
        period: str,
        *,
        least: int | None = None,
        zone: str | None = None,
        category: str | None = None,
        source: str | None = None,
        after: str | None = None,
    ) -> ConsistencyReport:
        """Return reversals on appeal, alike cases, lateness, and repeated faults.

        Reversals are told by rule cited, category and decider, with Wilson's
        interval at 95 %; of fewer than `least` cases no share is told. Of a period
        that ends before the record begins nothing is counted, and `record_from` is
        its first day.
        """
        call = ApiCall(
            "GET",
            f"/v1/transparency/consistency/{path_part(period)}",
            query={
                "least": least,
                "zone": zone,
                "category": category,
                "source": source,
                "after": after,
            },
        )
        answer: ConsistencyReport = self.answer(call, ConsistencyReport)
        return answer

    def read_cosigned_checkpoint(
        self,
    ) -> str:
        """Return the latest checkpoint with the cosignatures that the policy asks."""
        call = ApiCall(
            "GET",
            "/v1/log/cosigned-checkpoint",
            answer="text",
        )
        answer: str = self.answer(call, str)
        return answer

    def read_deadlines(
        self,
        dispute_id: UUID,
    ) -> LedgerShown:
        """Return start, rule, clock, calendar, pauses, extensions, due and lateness.

        Recomputed from the events at each call, for whoever may see the case.
        """
        call = ApiCall(
            "GET",
            f"/v1/disputes/{path_part(dispute_id)}/deadlines",
        )
        answer: LedgerShown = self.answer(call, LedgerShown)
        return answer

    def read_dispute(
        self,
        dispute_id: UUID,
    ) -> CaseShown:
        """Return a case as it is now: its parties' own, or any to staff and auditors.

        What is shown depends on the role; `actions` is what the caller can do now.
        """
        call = ApiCall(
            "GET",
            f"/v1/disputes/{path_part(dispute_id)}",
        )
        answer: CaseShown = self.answer(call, CaseShown)
        return answer

    def read_dispute_as_of(
        self,
        dispute_id: UUID,
        *,
        as_of: str | None = None,
        by: By | None = None,
    ) -> CaseShown:
        """Return the case as it would have been shown at a moment, without actions.

        `as_of=ruled` is what was known when the ruling was made. A version, a time
        with its offset and `position:120` say other moments; `by=at` goes by when
        things happened, not by when they were learnt.
        """
        call = ApiCall(
            "GET",
            f"/v1/audit/disputes/{path_part(dispute_id)}/case",
            query={
                "as_of": as_of,
                "by": by,
            },
        )
        answer: CaseShown = self.answer(call, CaseShown)
        return answer

    def read_erasure(
        self,
        erasure_id: UUID,
    ) -> ErasureShown:
        """Return how far an erasure is (supervisors, auditors, regulators)."""
        call = ApiCall(
            "GET",
            f"/v1/erasures/{path_part(erasure_id)}",
        )
        answer: ErasureShown = self.answer(call, ErasureShown)
        return answer

    def read_events(
        self,
        *,
        after: int | None = None,
        limit: int | None = None,
        type: Literal["filed", "withdrawn", "admitted", "refused", "referred", "mediator-assigned", "mediator-recused", "note-added", "case-tagged", "notice-served", "notice-undelivered", "contact-stated", "seller-responded", "message-posted", "offer-made", "offer-accepted", "offer-declined", "offer-lapsed", "escalated", "evidence-requested", "evidence-submitted", "evidence-handed-in", "evidence-closed", "evidence-assessed", "burden-assigned", "inquiry-sent", "inquiry-answered", "ruling-drafted", "ruled", "review-requested", "appeal-filed", "appeal-refused", "appeal-decided", "fulfilled", "fulfilment-contested", "obligation-confirmed", "defaulted", "closed", "enforcement-ordered", "enforcement-executed", "enforcement-failed", "advance-recovered", "deadline-missed", "deadline-extended", "clocks-paused", "clocks-resumed", "suspension-requested", "suspended", "suspension-proved", "resumed", "sanction-imposed", "sanction-published", "sanction-lifted", "legal-hold-placed", "legal-hold-lifted", "restricted", "restriction-lifted", "subject-erased", "corrected", "import-withdrawn"] | None = None,
        dispute: UUID | None = None,
        platform: str | None = None,
    ) -> tuple[EventMessage, ...]:
        """Return what comes behind a position, in the order of all events.

        Lines of JSON, or as `Accept` asks: a batch of CloudEvents, or server-sent
        events that go on (`Last-Event-ID`, or the end of the feed, is where they
        begin). With `Prefer: wait=20` an answer without any event waits up to that
        many seconds for one. Messages hold no personal text. Analysts know people,
        shops and orders by pseudonyms (`p-…`) that are theirs alone, everybody else
        by the platform's own ids. What callers gave as codes or terms is told as it
        was given: tags, `sku`, `carrier`, the addressee of an inquiry, the basis of
        a hold, the measure of a sanction. A `platform` or `dispute` of which the
        caller can be told nothing is refused.
        """
        call = ApiCall(
            "GET",
            "/v1/events",
            query={
                "after": after,
                "limit": limit,
                "type": type,
                "dispute": dispute,
                "platform": platform,
            },
            answer="lines",
        )
        answer: tuple[EventMessage, ...] = self.answer(call, tuple[EventMessage, ...])
        return answer

    def read_history(
        self,
        dispute_id: UUID,
        *,
        min_version: int | None = None,
        as_of: str | None = None,
        by: By | None = None,
    ) -> History:
        """Return every event of a case: who, when it happened, when it was learnt,
        why.

        `min_version` waits, bounded, until there is that version. `as_of` (a
        version, a time with its offset, `position:120` or a kind of event such as
        `ruled`) leaves out what was learnt later, or with `by=at` what happened
        later.
        """
        call = ApiCall(
            "GET",
            f"/v1/audit/disputes/{path_part(dispute_id)}",
            query={
                "min_version": min_version,
                "as_of": as_of,
                "by": by,
            },
        )
        answer: History = self.answer(call, History)
        return answer

    def read_log(
        self,
    ) -> LogState:
        """Return the sizes of the log, and whether it keeps its merge delay.

        `merge_delay` seconds after it was recorded, an event is in a signed tree.
        """
        call = ApiCall(
            "GET",
            "/v1/log",
        )
        answer: LogState = self.answer(call, LogState)
        return answer

    def read_metrics(
        self,
    ) -> str:
        """Return the gauges of the installation, and what this process counts of
        itself.

        Each serving process answers for itself: Prometheus asks all of them.
        Public, or for whoever sends the bearer token that the operator has set.
        """
        call = ApiCall(
            "GET",
            "/metrics",
            answer="text",
        )
        answer: str = self.answer(call, str)
        return answer

    def read_policy(
        self,
        name: str,
        version: int,
    ) -> PolicyShown:
        """Return the limits with their clocks, and what silence leads to. Public.

        Working days are counted by `calendar_edition`, with what was added to it.
        """
        call = ApiCall(
            "GET",
            f"/v1/policies/{path_part(name)}/{path_part(version)}",
        )
        answer: PolicyShown = self.answer(call, PolicyShown)
        return answer

    def read_proof(
        self,
        dispute_id: UUID,
        version: int,
    ) -> str:
        """Return the `.tlog-proof` of one version of the case, as text."""
        call = ApiCall(
            "GET",
            f"/v1/audit/disputes/{path_part(dispute_id)}/proof/{path_part(version)}",
            answer="text",
        )
        answer: str = self.answer(call, str)
        return answer

    def read_public_report(
        self,
        period: str,
        *,
        by: str | None = None,
        category: str | None = None,
        platform: str | None = None,
    ) -> PublicReport:
        """Return figures from which no single case can be told. Public.

        Numbers from 1 to 4 are left out, and so are others from which they could be
        subtracted. Numbers of cases are rounded to multiples of five. `by` is one
        or two of month, quarter, year, category, reason, channel, liability and
        outcome.
        """
        call = ApiCall(
            "GET",
            f"/v1/transparency/public/{path_part(period)}",
            query={
                "by": by,
                "category": category,
                "platform": platform,
            },
        )
        answer: PublicReport = self.answer(call, PublicReport)
        return answer

    def read_published_edition(
        self,
        name: str,
        edition: int,
    ) -> PublishedReport:
        """Return an edition with its manifest, as it was published. Public."""
        call = ApiCall(
            "GET",
            f"/v1/transparency/published/{path_part(name)}/editions/{path_part(edition)}",
        )
        answer: PublishedReport = self.answer(call, PublishedReport)
        return answer

    def read_published_report(
        self,
        name: str,
    ) -> PublishedReport:
        """Return the last edition with its manifest. Public.

        A later edition says which one it corrects, why, and which numbers differ.
        """
        call = ApiCall(
            "GET",
            f"/v1/transparency/published/{path_part(name)}",
        )
        answer: PublishedReport = self.answer(call, PublishedReport)
        return answer

    def read_queue(
        self,
        *,
        phase: Phase | None = None,
        category: str | None = None,
        reason: str | None = None,
        assignee: str | None = None,
        tag: str | None = None,
        waiting_on: Party | None = None,
        overdue: bool | None = None,
        sort: Literal["due", "opened", "changed"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: str | None = None,
    ) -> CasesPage:
        """List live cases, the most urgent first (mediators, supervisors).

        `assignee=me` lists one's own cases, `assignee=none` what nobody has taken
        yet; `waiting_on=platform` what the platform itself has to do. Appeals wait
        for supervisors, and are listed for them only.
        """
        call = ApiCall(
            "GET",
            "/v1/queue",
            query={
                "phase": phase,
                "category": category,
                "reason": reason,
                "assignee": assignee,
                "tag": tag,
                "waiting_on": waiting_on,
                "overdue": overdue,
                "sort": sort,
                "limit": limit,
                "cursor": cursor,
                "after": after,
            },
        )
        answer: CasesPage = self.answer(call, CasesPage)
        return answer

    def read_receipt(
        self,
        dispute_id: UUID,
        version: int,
    ) -> Receipt:
        """Return the receipt of one event that the caller brought about, as a file."""
        call = ApiCall(
            "GET",
            f"/v1/disputes/{path_part(dispute_id)}/receipts/{path_part(version)}",
        )
        answer: Receipt = self.answer(call, Receipt)
        return answer

    def read_report(
        self,
        period: str,
        *,
        by: str | None = None,
        zone: str | None = None,
        category: str | None = None,
        source: str | None = None,
        compare: bool | None = None,
        after: str | None = None,
    ) -> ReportShown:
        """Return the figures of "2026", "2026-Q4", "2026-11" or "all".

        `by` cuts them into groups, by one thing or two; `compare=true` adds the
        period before to each figure; `zone` is where months begin, by default where
        the cases are at home (Asia/Shanghai, or where an imported source is).
        `source` chooses what was imported from one system, own cases if it is
        empty. `text/csv` is answered to those who accept it. `format` is also that
        of an authority: dsa (Annex I part 7), adr (Article 7(2)), p2b (Article
        11(4)) or cn12315, each by platforms, for a period with a first and a last
        day.
        """
        call = ApiCall(
            "GET",
            f"/v1/transparency/reports/{path_part(period)}",
            query={
                "by": by,
                "zone": zone,
                "category": category,
                "source": source,
                "compare": compare,
                "after": after,
            },
        )
        answer: ReportShown = self.answer(call, ReportShown)
        return answer

    def read_rules(
        self,
        name: str,
        version: int,
    ) -> RegulationShown:
        """Return every article with its title and text in zh and en. Public.

        Rules that may no longer be cited stay readable: older decisions name them.
        """
        call = ApiCall(
            "GET",
            f"/v1/rules/{path_part(name)}/{path_part(version)}",
        )
        answer: RegulationShown = self.answer(call, RegulationShown)
        return answer

    def read_standing(
        self,
        seller: str,
        *,
        platform: str | None = None,
    ) -> StandingShown:
        """Return points and sanctions with every change; reversals are changes too.

        `platform` is for those who see all platforms.
        """
        call = ApiCall(
            "GET",
            f"/v1/sellers/{path_part(seller)}/standing",
            query={
                "platform": platform,
            },
        )
        answer: StandingShown = self.answer(call, StandingShown)
        return answer

    def read_tile(
        self,
        tile: str,
    ) -> bytes:
        """Return `<level>/<index>[.p/<width>]` or `entries/<index>[.p/<width>]`.

        Entries hold whole events, of all platforms: unless this installation
        publishes them, they are for auditors and regulators of no single platform,
        who say why; where reading takes a grant, nobody has one for all platforms.
        """
        call = ApiCall(
            "GET",
            f"/v1/log/tile/{path_part(tile)}",
            answer="bytes",
        )
        answer: bytes = self.answer(call, bytes)
        return answer

    def record_enforcement_failure(
        self,
        dispute_id: UUID,
        number: int,
        body: EnforcementFailureBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Record that it could not be executed; `final` gives it up."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/enforcement/{path_part(number)}/failure",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def record_execution(
        self,
        dispute_id: UUID,
        number: int,
        body: ExecutionBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Record that what was ordered was executed."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/enforcement/{path_part(number)}/execution",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def record_recovery(
        self,
        dispute_id: UUID,
        body: RecoveryBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Record what the seller paid back of what the platform had advanced."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/recovery",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def recuse_mediator(
        self,
        dispute_id: UUID,
        body: RecusalBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Take oneself out for a conflict of interest; supervisors, anybody."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/recusal",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def redeliver_message(
        self,
        webhook_id: UUID,
        delivery_id: UUID,
        *,
        idempotency_key: str | None = None,
    ) -> SentAgain:
        """Begin anew with a message that was given up. Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/webhooks/{path_part(webhook_id)}/deliveries/{path_part(delivery_id)}/redelivery",
            key=idempotency_key,
            takes_key=True,
        )
        answer: SentAgain = self.answer(call, SentAgain)
        return answer

    def redeliver_messages(
        self,
        webhook_id: UUID,
        *,
        idempotency_key: str | None = None,
    ) -> SentAgain:
        """Begin anew with all messages that were given up. Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/webhooks/{path_part(webhook_id)}/redelivery",
            key=idempotency_key,
            takes_key=True,
        )
        answer: SentAgain = self.answer(call, SentAgain)
        return answer

    def redeliver_notice(
        self,
        dispute_id: UUID,
        delivery_id: UUID,
        *,
        idempotency_key: str | None = None,
    ) -> NoticeDeliveryShown:
        """Begin anew with a notice that was given up. Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/deliveries/{path_part(delivery_id)}/redelivery",
            key=idempotency_key,
            takes_key=True,
        )
        answer: NoticeDeliveryShown = self.answer(call, NoticeDeliveryShown)
        return answer

    def refer_dispute(
        self,
        dispute_id: UUID,
        body: ReferralBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Hand the case to an authority or a court; it is closed here."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/referral",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def refuse_appeal(
        self,
        dispute_id: UUID,
        body: AppealRefusalBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Do not take an appeal that names neither new evidence nor an error."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/appeal/refusal",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def refuse_dispute(
        self,
        dispute_id: UUID,
        body: RefusalBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Do not take the case: ground, reasons in words, and other routes."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/refusal",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def reopen_dispute(
        self,
        dispute_id: UUID,
        body: ReopeningBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """File an ended case once more, because of new facts (buyer).

        Answers 201 with the new case, which names the ended one.
        """
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/reopening",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def replay_dispute(
        self,
        dispute_id: UUID,
        *,
        as_of: str | None = None,
        by: By | None = None,
    ) -> tuple[Step, ...]:
        """Return each event with the state after it, one JSON object a line.

        `as_of` ends it with what was known then: a version, a time with its offset,
        a place in the ledger (`position:120`), or the last event of a kind
        (`ruled`). With `by=at`, a time keeps what had happened by then, whenever it
        was learnt.
        """
        call = ApiCall(
            "GET",
            f"/v1/audit/disputes/{path_part(dispute_id)}/replay",
            query={
                "as_of": as_of,
                "by": by,
            },
            answer="lines",
        )
        answer: tuple[Step, ...] = self.answer(call, tuple[Step, ...])
        return answer

    def report_fulfilment(
        self,
        dispute_id: UUID,
        body: FulfilmentBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Report an obligation as performed (debtor, or platform for payments)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/fulfilments",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def request_erasure(
        self,
        body: ErasureBody,
        *,
        idempotency_key: str | None = None,
    ) -> ErasureShown:
        """Ask that a party's data be erased in all of its cases (supervisor).

        409 names each case that forbids it: live, under legal hold, or to be kept
        by law; with `restrict`, the closed ones among them are then restricted.
        """
        call = ApiCall(
            "POST",
            "/v1/erasures",
            body=body,
            key=idempotency_key,
            takes_key=True,
        )
        answer: ErasureShown = self.answer(call, ErasureShown)
        return answer

    def request_evidence(
        self,
        dispute_id: UUID,
        body: EvidenceRequestBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Ask a side, or both, for kinds of evidence; dates only become later."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/evidence-requests",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def request_human_review(
        self,
        dispute_id: UUID,
        body: ReviewBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Ask that a human decide again what a machine decided alone."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/human-review",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def respond_to_claim(
        self,
        dispute_id: UUID,
        body: ResponseBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Accept the claim, offer something else, or contest it (seller)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/seller-response",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def restrict_data(
        self,
        dispute_id: UUID,
        body: RestrictionBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Only keep a party's personal data in a closed case (supervisor)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/restriction",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def resume_dispute(
        self,
        dispute_id: UUID,
        body: ResumptionBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Let a suspended case go on."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/resumption",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def revoke_api_key(
        self,
        key_id: str,
        body: RevocationBody,
        *,
        idempotency_key: str | None = None,
    ) -> ApiKeyShown:
        """End a key for good; no process takes it after a second."""
        call = ApiCall(
            "POST",
            f"/v1/api-keys/{path_part(key_id)}/revocation",
            body=body,
            key=idempotency_key,
            takes_key=True,
        )
        answer: ApiKeyShown = self.answer(call, ApiKeyShown)
        return answer

    def revoke_grant(
        self,
        grant_id: UUID,
        *,
        idempotency_key: str | None = None,
    ) -> Grant:
        """End a grant now (supervisor). Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/audit/grants/{path_part(grant_id)}/revocation",
            key=idempotency_key,
            takes_key=True,
        )
        answer: Grant = self.answer(call, Grant)
        return answer

    def rotate_webhook_secret(
        self,
        webhook_id: UUID,
        body: RotationBody,
        *,
        idempotency_key: str | None = None,
    ) -> WebhookMade:
        """Make a new secret, shown this once; until the overlap ends, both sign."""
        call = ApiCall(
            "POST",
            f"/v1/webhooks/{path_part(webhook_id)}/secret",
            body=body,
            key=idempotency_key,
            takes_key=True,
        )
        answer: WebhookMade = self.answer(call, WebhookMade)
        return answer

    def rule_dispute(
        self,
        dispute_id: UUID,
        body: RulingBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Decide: liability, remedies and why. Both parties are then served notice."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/ruling",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def search_events(
        self,
        *,
        dispute: UUID | None = None,
        buyer: str | None = None,
        seller: str | None = None,
        order: str | None = None,
        actor: str | None = None,
        decider: str | None = None,
        platform: str | None = None,
        rule: str | None = None,
        type: Literal["filed", "withdrawn", "admitted", "refused", "referred", "mediator-assigned", "mediator-recused", "note-added", "case-tagged", "notice-served", "notice-undelivered", "contact-stated", "seller-responded", "message-posted", "offer-made", "offer-accepted", "offer-declined", "offer-lapsed", "escalated", "evidence-requested", "evidence-submitted", "evidence-handed-in", "evidence-closed", "evidence-assessed", "burden-assigned", "inquiry-sent", "inquiry-answered", "ruling-drafted", "ruled", "review-requested", "appeal-filed", "appeal-refused", "appeal-decided", "fulfilled", "fulfilment-contested", "obligation-confirmed", "defaulted", "closed", "enforcement-ordered", "enforcement-executed", "enforcement-failed", "advance-recovered", "deadline-missed", "deadline-extended", "clocks-paused", "clocks-resumed", "suspension-requested", "suspended", "suspension-proved", "resumed", "sanction-imposed", "sanction-published", "sanction-lifted", "legal-hold-placed", "legal-hold-lifted", "restricted", "restriction-lifted", "subject-erased", "corrected", "import-withdrawn"] | None = None,
        category: str | None = None,
        late: Party | None = None,
        outcome: Outcome | None = None,
        text: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        imported_from: str | None = None,
        extra: str | None = None,
        request_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        after: str | None = None,
    ) -> FactsPage:
        """Find events by case, party, order, decider, rule, outcome, period or text.

        Of the case: `dispute`, `buyer`, `seller`, `order`, `category`, `outcome`
        (how it closed), `decider` (who refused, ruled, approved, decided an
        appeal), `late` (who missed a deadline), `rule` (cited by a decision,
        "quality/1"). Alone, the last four find the events that say so; together,
        the event with which all hold, and what they name after it. Of the event:
        `type`, `actor`, `text`, the period, `request_id`, and a limit as `rule`
        ("cn-default/1#response"); they find such events in the cases chosen;
        `extra` ("region=north") finds filings by a free field of their import. Who
        sees all platforms names the `platform` of a person or an order.
        `format=csv` answers a table.
        """
        call = ApiCall(
            "GET",
            "/v1/audit/search",
            query={
                "dispute": dispute,
                "buyer": buyer,
                "seller": seller,
                "order": order,
                "actor": actor,
                "decider": decider,
                "platform": platform,
                "rule": rule,
                "type": type,
                "category": category,
                "late": late,
                "outcome": outcome,
                "text": text,
                "since": since,
                "until": until,
                "imported_from": imported_from,
                "extra": extra,
                "request_id": request_id,
                "limit": limit,
                "cursor": cursor,
                "after": after,
            },
        )
        answer: FactsPage = self.answer(call, FactsPage)
        return answer

    def send_inquiry(
        self,
        dispute_id: UUID,
        body: InquiryBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Ask a carrier, a payment institution …; an inspection stops the clocks."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/inquiries",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def serve_notice(
        self,
        dispute_id: UUID,
        body: ServiceBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Record that a notice reached a party over a channel (platform)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/notices",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def state_contact(
        self,
        dispute_id: UUID,
        body: ContactBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Say where a party gets its notices by mail and text message."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/contact",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def submit_evidence(
        self,
        dispute_id: UUID,
        *,
        file: FileSource,
        kind: str,
        if_match: str,
        note: str | None = None,
        draft: str | None = None,
        idempotency_key: str | None = None,
    ) -> CaseShown:
        """Add a file to the case, until one's side is closed.

        multipart/form-data with `file`, `kind` (a code of evidence) and optionally
        `note`. With `draft` = "true" only one's own side sees it, until it is
        handed in or the time is over. The same file from the same side counts once.
        """
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/evidence",
            file=file,
            fields={"kind": kind, "note": note, "draft": draft},
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown = self.answer(call, CaseShown)
        return answer

    def suspend_dispute(
        self,
        dispute_id: UUID,
        body: SuspensionBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Both ask, one is before a court or the police, or a supervisor does."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/suspension",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def tag_dispute(
        self,
        dispute_id: UUID,
        body: TagsBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Put tags on the case, or take them off; lists are filtered by them."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/tags",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer

    def test_webhook(
        self,
        webhook_id: UUID,
        *,
        idempotency_key: str | None = None,
    ) -> DeliveryShown:
        """Send a message of the type `test`, signed like all others. Takes no body."""
        call = ApiCall(
            "POST",
            f"/v1/webhooks/{path_part(webhook_id)}/test",
            key=idempotency_key,
            takes_key=True,
        )
        answer: DeliveryShown = self.answer(call, DeliveryShown)
        return answer

    def withdraw_dispute(
        self,
        dispute_id: UUID,
        body: WithdrawalBody,
        *,
        if_match: str,
        idempotency_key: str | None = None,
    ) -> CaseShown | None:
        """Give the case up (buyer)."""
        call = ApiCall(
            "POST",
            f"/v1/disputes/{path_part(dispute_id)}/withdrawal",
            body=body,
            key=idempotency_key,
            takes_key=True,
            if_match=if_match,
        )
        answer: CaseShown | None = self.answer(call, CaseShown | None)
        return answer
