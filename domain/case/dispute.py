"""The dispute as decisions see it: only the state that a later decision needs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from domain.case.outcome import Outcome
from domain.deadlines.deadline import Deadline, Key
from domain.enforcement.case_ledger import Posting
from domain.money import Money
from domain.notices.notice import Notice
from domain.roles import Party, Role
from domain.ruling.events import RulingDrafted
from domain.ruling.reasons import Automation
from domain.suspension.events import SuspensionCause
from domain.terms import Obligation, Terms


class Phase(StrEnum):
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


class Offer(Struct, frozen=True, kw_only=True, gc=False):
    """An offer that can still be answered, and who has agreed to it already."""

    number: int
    by: Party
    terms: Terms
    accepted_by: tuple[Party, ...] = ()


class Exhibit(Struct, frozen=True, kw_only=True, gc=False):
    """A piece of evidence; `weighed` says: authentic, relevant, legal."""

    number: int
    by: Party
    kind: str
    sha256: str
    draft: bool = False
    weighed: tuple[bool, bool, bool] | None = None

    @property
    def is_excluded(self) -> bool:
        """Tell whether it was weighed and not admitted."""
        return self.weighed is not None and not all(self.weighed)


class Request(Struct, frozen=True, kw_only=True, gc=False):
    """What a side was asked for, beyond what the reason asks for anyway."""

    party: Party
    kinds: tuple[str, ...]


class Inquiry(Struct, frozen=True, kw_only=True, gc=False):
    """A question to a third party."""

    number: int
    kind: str
    addressee: str
    answered: bool = False


class Duty(Struct, frozen=True, kw_only=True, gc=False):
    """An obligation and how far it is performed; `paid` in minor units.

    `contested` counts how often a report was contested.
    """

    owed: Obligation
    reported: bool = False
    confirmed: bool = False
    defaulted: bool = False
    enforced: bool = False
    failed: bool = False
    contested: int = 0
    paid: int = 0

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will be done about it."""
        return self.confirmed or self.enforced or self.failed


class Enforcement(Struct, frozen=True, kw_only=True, gc=False):
    """An order to execute an obligation."""

    number: int
    obligation: int
    method: str
    amount: Money | None
    pending: bool = True


class Pause(Struct, frozen=True, kw_only=True, gc=False):
    """Deadlines that stand still since `since`, and why; `item` numbers an inquiry."""

    cause: str
    held: tuple[Deadline, ...]
    since: datetime
    item: int | None = None


class Sanction(Struct, frozen=True, kw_only=True, gc=False):
    """A sanction that was imposed."""

    number: int
    kind: str
    breach: str
    published: bool = False
    lifted: bool = False
    end_published: bool = False


class Hold(Struct, frozen=True, kw_only=True, gc=False):
    """A legal hold that stands."""

    number: int
    by: Role
    basis: str


class Dispute(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The state of a case, folded from its events."""

    phase: Phase = Phase.NONE
    platform: str = ""
    policy: str | None = None
    number: int = 1
    buyer: str | None = None
    seller: str | None = None
    seller_unaware: bool = False
    category: str = ""
    reason: str = ""
    claim: Terms | None = None
    paid: Money | None = None
    deadlines: tuple[Deadline, ...] = ()
    missed: tuple[Deadline, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extended: tuple[Key, ...] = ()
    notices: tuple[Notice, ...] = ()
    served: tuple[tuple[Notice, str], ...] = ()
    assignee: str | None = None
    recused: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    messages: int = 0
    offers: tuple[Offer, ...] = ()
    offers_made: int = 0
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
    appeal_over: bool = False
    before: Phase | None = None
    pause_asked: tuple[tuple[Party, int], ...] = ()
    suspended: SuspensionCause | None = None
    proved: bool = False
    unproved: tuple[Party, ...] = ()
    settled: bool = False
    granted: tuple[Terms, ...] = ()
    duties: tuple[Duty, ...] = ()
    done: tuple[Duty, ...] = ()
    enforcements: tuple[Enforcement, ...] = ()
    postings: tuple[Posting, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    refused: bool = False
    outcome: Outcome | None = None
    holds: tuple[Hold, ...] = ()
    holds_placed: int = 0
    restricted: tuple[Party, ...] = ()
    erased: tuple[Party, ...] = ()
    set_aside: bool = False
