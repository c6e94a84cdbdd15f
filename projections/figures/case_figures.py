"""The row of figures that a case has: its milestones, as figures count them."""

from __future__ import annotations

from datetime import datetime

from projections.read_model import CaseRow

HOME_ZONE = "Asia/Shanghai"
"""Where days and months of our own cases begin; imported ones keep their source's."""


class Figures(CaseRow, frozen=True, kw_only=True):
    """The milestones of one case. Times are UTC; None: not reached, or not known.

    Amounts are in minor units of `currency`; `awarded` sums what was agreed or ruled.
    `decider` is who refused or ruled, `appeal_decider` who decided the appeal, `number`
    counts the cases on one issue. `…_paused` is for how many microseconds the case had
    stood still until a milestone, None for not at all; `pauses` how many pauses go on.
    `extra` is a JSON object of what the source of an imported case says besides.
    `ruled_liability` is as it was ruled, whatever an appeal made of it; `cited` the
    rules of the last ruling or the ground of a refusal, `evidence` the kinds that the
    ruling had before it; `appealed_…` are of the decision that an appeal was about.
    """

    platform: str = ""
    system: str = ""
    zone: str = HOME_ZONE
    channel: str = ""
    category: str = ""
    reason: str = ""
    policy: str | None = None
    seller: str | None = None
    opened_at: datetime | None = None
    admitted_at: datetime | None = None
    admission_missed: bool = False
    refused_on: str | None = None
    notified: bool = False
    notified_at: datetime | None = None
    answered: bool = False
    answered_at: datetime | None = None
    position: str | None = None
    response_missed: bool = False
    offers: int = 0
    agreed_at: datetime | None = None
    escalated: bool = False
    escalated_at: datetime | None = None
    escalated_on: str | None = None
    ruled_at: datetime | None = None
    ruling_missed: bool = False
    decider: str | None = None
    liability: str | None = None
    remedies: str | None = None
    automation: str | None = None
    performance_missed: bool = False
    confirmed_by_silence: bool = False
    closed: bool = False
    closed_at: datetime | None = None
    outcome: str | None = None
    claim: str | None = None
    claimed: int | None = None
    awarded: int | None = None
    currency: str | None = None
    appealed_at: datetime | None = None
    appeal_decided_at: datetime | None = None
    appeal_result: str | None = None
    appeal_decider: str | None = None
    reviewed: bool = False
    suspended: bool = False
    defaulted: bool = False
    advanced: int = 0
    recovered: int = 0
    sanctions: int = 0
    number: int = 1
    paid: int = 0
    unpaid: int = 0
    admission_at: datetime | None = None
    platform_missed: bool = False
    owed: bool = False
    referred_to: str | None = None
    sanction_kinds: str | None = None
    review_result: str | None = None
    pauses: int = 0
    paused_since: datetime | None = None
    paused: int | None = None
    admission_paused: int | None = None
    notified_paused: int | None = None
    answered_paused: int | None = None
    agreed_paused: int | None = None
    escalated_paused: int | None = None
    ruled_paused: int | None = None
    appealed_paused: int | None = None
    appeal_decided_paused: int | None = None
    closed_paused: int | None = None
    ruled_liability: str | None = None
    cited: str | None = None
    evidence: str | None = None
    appealed_decider: str | None = None
    appealed_cited: str | None = None
    seller_appealed_at: datetime | None = None
    appeal_refused_at: datetime | None = None
    extra: str | None = None
