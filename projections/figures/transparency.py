"""Transparency: the rows that published figures are counted from, one for each case."""

from __future__ import annotations

from msgspec.structs import replace

from domain.imports.events import Corrected
from projections.figures.case_figures import Figures
from projections.figures.case_money import money
from projections.figures.corrected_figures import corrected
from projections.figures.decision_basis import basis
from projections.figures.figure_cube import FigureCube
from projections.figures.milestones import milestone
from projections.figures.paused_time import with_pauses
from projections.placed_events import Placed
from projections.read_model import OnPoison, View, over_one_row
from projections.tables.view_policies import COUNTED

DDL = """
CREATE TABLE transparency (
    case_id              uuid PRIMARY KEY,
    platform             text NOT NULL,
    system               text NOT NULL,
    zone                 text NOT NULL,
    channel              text NOT NULL,
    category             text NOT NULL,
    reason               text NOT NULL,
    policy               text,
    seller               text,
    opened_at            timestamptz,
    admitted_at          timestamptz,
    admission_missed     boolean NOT NULL,
    refused_on           text,
    notified             boolean NOT NULL,
    notified_at          timestamptz,
    answered             boolean NOT NULL,
    answered_at          timestamptz,
    position             text,
    response_missed      boolean NOT NULL,
    offers               integer NOT NULL,
    agreed_at            timestamptz,
    escalated            boolean NOT NULL,
    escalated_at         timestamptz,
    escalated_on         text,
    ruled_at             timestamptz,
    ruling_missed        boolean NOT NULL,
    decider              text,
    liability            text,
    remedies             text,
    automation           text,
    performance_missed   boolean NOT NULL,
    confirmed_by_silence boolean NOT NULL,
    closed               boolean NOT NULL,
    closed_at            timestamptz,
    outcome              text,
    claim                text,
    claimed              bigint,
    awarded              bigint,
    currency             text,
    appealed_at          timestamptz,
    appeal_decided_at    timestamptz,
    appeal_result        text,
    appeal_decider       text,
    reviewed             boolean NOT NULL,
    suspended            boolean NOT NULL,
    defaulted            boolean NOT NULL,
    advanced             bigint NOT NULL,
    recovered            bigint NOT NULL,
    sanctions            integer NOT NULL,
    number               integer NOT NULL,
    paid                 bigint NOT NULL,
    unpaid               bigint NOT NULL,
    admission_at         timestamptz,
    platform_missed      boolean NOT NULL,
    owed                 boolean NOT NULL,
    referred_to          text,
    sanction_kinds       text,
    review_result        text,
    pauses               integer NOT NULL,
    paused_since         timestamptz,
    paused               bigint,
    admission_paused     bigint,
    notified_paused      bigint,
    answered_paused      bigint,
    agreed_paused        bigint,
    escalated_paused     bigint,
    ruled_paused         bigint,
    appealed_paused      bigint,
    appeal_decided_paused bigint,
    closed_paused        bigint,
    ruled_liability      text,
    cited                text,
    evidence             text,
    appealed_decider     text,
    appealed_cited       text,
    seller_appealed_at   timestamptz,
    appeal_refused_at    timestamptz,
    extra                text
);
CREATE INDEX transparency_opened ON transparency (opened_at);
CREATE INDEX transparency_closed ON transparency (closed_at);
CREATE INDEX transparency_ruled ON transparency (ruled_at);
CREATE INDEX transparency_decider ON transparency (decider);
CREATE INDEX transparency_appeal_decider ON transparency (appeal_decider);
"""


def fold(row: Figures | None, placed: Placed) -> Figures:
    """Set the milestone that an event is, if it is one."""
    before = row or Figures(case_id=placed.recorded.case)
    # It is no milestone itself: the pauses until one are not counted anew.
    if isinstance(correction := placed.recorded.event, Corrected):
        return replace(before, **corrected(before, correction))
    changed = milestone(before, placed.recorded) | money(placed)
    changed = changed | basis(before, placed)
    changed = with_pauses(before, changed, placed.recorded)
    # A case is pinned to one policy, which its first event under one names.
    if before.policy is None and placed.recorded.policy is not None:
        changed = changed | {"policy": placed.recorded.policy}
    return replace(before, **changed) if changed else before


TRANSPARENCY = View(
    "transparency",
    row=Figures,
    key=("case_id",),
    ddl=DDL,
    fold=over_one_row(fold),
    on_poison=OnPoison.HALT,
    edition=7,
    seen=COUNTED,
    sums=FigureCube(),
    leaves=True,
)
