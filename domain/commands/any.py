"""The union of all commands."""

from __future__ import annotations

from typing import TypeAlias

from domain.commands.clocks import (
    ExtendDeadline,
    PassDeadline,
    ProveSuspension,
    Resume,
    ServeNotice,
    Suspend,
)
from domain.commands.filing import (
    Admit,
    Assign,
    FileDispute,
    Recuse,
    ReferOut,
    Refuse,
    Reopen,
    Withdraw,
)
from domain.commands.investigation import (
    AnswerInquiry,
    AssessEvidence,
    AssignBurden,
    Escalate,
    HandInEvidence,
    RequestEvidence,
    SendInquiry,
    SubmitEvidence,
)
from domain.commands.negotiation import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    PostMessage,
    RespondToClaim,
)
from domain.commands.performance import (
    ConfirmFulfilment,
    ContestFulfilment,
    ExecuteEnforcement,
    FailEnforcement,
    Fulfil,
    ImposeSanction,
    LiftSanction,
    OrderEnforcement,
    PublishSanction,
    RecoverAdvance,
)
from domain.commands.privacy import (
    EraseSubject,
    LiftHold,
    LiftRestriction,
    PlaceHold,
    Restrict,
)
from domain.commands.ruling import (
    Appeal,
    ApproveRuling,
    DecideAppeal,
    DraftRuling,
    RefuseAppeal,
    RequestHumanReview,
    Rule,
)

DisputeCommand: TypeAlias = (
    FileDispute
    | Reopen
    | Admit
    | Refuse
    | ReferOut
    | Withdraw
    | Assign
    | Recuse
    | RespondToClaim
    | PostMessage
    | MakeOffer
    | AcceptOffer
    | DeclineOffer
    | Escalate
    | RequestEvidence
    | SubmitEvidence
    | HandInEvidence
    | AssessEvidence
    | AssignBurden
    | SendInquiry
    | AnswerInquiry
    | Rule
    | DraftRuling
    | ApproveRuling
    | RequestHumanReview
    | Appeal
    | RefuseAppeal
    | DecideAppeal
    | Fulfil
    | ConfirmFulfilment
    | ContestFulfilment
    | OrderEnforcement
    | ExecuteEnforcement
    | FailEnforcement
    | RecoverAdvance
    | ImposeSanction
    | PublishSanction
    | LiftSanction
    | ServeNotice
    | PassDeadline
    | ExtendDeadline
    | Suspend
    | ProveSuspension
    | Resume
    | PlaceHold
    | LiftHold
    | Restrict
    | LiftRestriction
    | EraseSubject
)
