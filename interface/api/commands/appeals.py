"""The bodies of reviews, appeals, suspension and extension."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from domain.appeal.commands import Appeal, DecideAppeal, RefuseAppeal
from domain.appeal.events import AppealGround, AppealResult
from domain.deadlines.commands import ExtendDeadline
from domain.deadlines.deadline import Awaited
from domain.notices.commands import ServeNotice
from domain.notices.events import NoticeKind
from domain.ruling.commands import DraftRuling, RequestHumanReview
from domain.ruling.reasons import Automation
from domain.suspension.commands import ProveSuspension, Resume, Suspend
from domain.suspension.events import SuspensionCause
from interface.api.commands.fields import Code, Id, TermsBody, Text
from interface.api.commands.plain_body import PlainBody
from interface.api.commands.rulings import ReasonBody

Remedies = Annotated[tuple[TermsBody, ...], Meta(max_length=10)]
Reasons = Annotated[tuple[ReasonBody, ...], Meta(max_length=20)]


class DraftBody(PlainBody, frozen=True, kw_only=True):
    """A ruling for another person to issue."""

    asks = DraftRuling
    liability: Code
    remedies: Remedies
    reasons: Reasons
    automation: Automation = Automation.NONE
    model: Id | None = None


class ReviewBody(PlainBody, frozen=True, kw_only=True):
    """Ask that a human decide again."""

    asks = RequestHumanReview
    statement: Text | None = None


class AppealBody(PlainBody, frozen=True, kw_only=True):
    """Appeal, with new evidence or a stated error."""

    asks = Appeal
    ground: AppealGround
    statement: Text


class AppealRefusalBody(PlainBody, frozen=True, kw_only=True):
    """Do not take an appeal."""

    asks = RefuseAppeal
    explanation: Text


class AppealDecisionBody(PlainBody, frozen=True, kw_only=True):
    """Uphold, vary (with liability and remedies) or set aside."""

    asks = DecideAppeal
    result: AppealResult
    reasons: Reasons
    liability: Code | None = None
    remedies: Remedies = ()


class SuspensionBody(PlainBody, frozen=True, kw_only=True):
    """Let the case stand still. `days` for an agreement, `note` for a court."""

    asks = Suspend
    cause: SuspensionCause
    days: Annotated[int, Meta(ge=1, le=365)] | None = None
    note: Text | None = None


class SuspensionProofBody(PlainBody, frozen=True, kw_only=True):
    """Show that a court or the police have the matter."""

    asks = ProveSuspension
    proof: Text


class ResumptionBody(PlainBody, frozen=True, kw_only=True):
    """Let a suspended case go on."""

    asks = Resume
    note: Text | None = None


class ExtensionBody(PlainBody, frozen=True, kw_only=True):
    """Give a running limit the more time that the policy allows, once."""

    asks = ExtendDeadline
    awaited: Awaited
    party: Literal["buyer", "seller", "platform", "both"]
    why: Text


class ServiceBody(PlainBody, frozen=True, kw_only=True):
    """A notice reached a party over a channel, such as sms or mail."""

    asks = ServeNotice
    notice: NoticeKind
    party: Literal["buyer", "seller"]
    channel: Literal["in-site", "sms", "mail"]
