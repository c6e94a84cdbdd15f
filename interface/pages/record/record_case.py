"""A case of the record: its story, what was known when, who was late, its bundle."""

from __future__ import annotations

import json
from functools import partial
from typing import Any, cast
from uuid import UUID, uuid4

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from application.cases.case import Case
from application.cases.diff import Change, difference
from application.privacy.redaction import opened_for
from application.record.envelope import Recorded
from domain.deadlines.ledger import deadline_ledger
from domain.roles import Role
from interface.api.presentation import shown
from interface.api.recorded_reads import Read
from interface.api.request_context import RequestContext
from interface.api.responses.case import StaffCase
from interface.pages.desk.arithmetic_words import arithmetic_words
from interface.pages.desk.ledger_picture import ledger_picture, overdue_limit
from interface.pages.page_texts import page_words
from interface.pages.page_times import PageTimes
from interface.pages.record.case_moment import (
    case_moment,
    day_marks,
    phase_parts,
    version_at,
)
from interface.pages.record.fact_story import StoryFact, by_day, story_facts
from interface.pages.record.known_points import PointCompared, compared, known_points
from interface.pages.record.late_limits import late_limits
from interface.pages.record.record_page import CASE, PATH, record_of, record_page
from interface.pages.record.typed_times import typed_text

HOLDERS = frozenset({Role.REGULATOR, Role.SUPERVISOR})
"""Who may place and lift legal holds."""


class Comparison(Struct, frozen=True, kw_only=True):
    """A case at two moments: their facts, each point, and the fields of the state."""

    before: int
    after: int
    points: tuple[PointCompared, ...]
    changes: tuple[Change, ...]
    flaw: str = ""


class HoldAttempt(Struct, frozen=True, kw_only=True):
    """A legal hold that was refused: what was typed and what is wrong.

    `number` is that of the hold to be lifted, 0 for a new one.
    """

    number: int
    typed: str
    flaw: str
    status: int


@get(CASE, sync_to_thread=True, opt=record_of(Read.HISTORY))
def record_case(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
) -> Response[str]:
    """Show a case as a story, at a moment of it."""
    return record_case_page(request, context, dispute_id, None)


def record_case_page(
    request: Request[Any, Any, Any],
    context: RequestContext,
    dispute_id: UUID,
    attempt: HoldAttempt | None,
) -> Response[str]:
    """Return the page of a case, with a hold that was refused, if there is one."""
    case = context.read_any(dispute_id)
    events = _opened(context, case)
    facts = story_facts(context, events)
    asked = request.query_params if request.method == "GET" else {}
    moment = case_moment(context, case, facts, asked)
    told = cast("StaffCase", shown(context.system, case, context.viewer, context.lines))
    current = facts[moment.version - 1]
    zone = context.system.zone
    return record_page(
        request,
        context,
        "case.html",
        status=attempt.status if attempt else 400 if moment.flaw else 200,
        here=f"{PATH}/cases/{dispute_id}",
        case=told,
        facts=facts,
        days=by_day(facts[: moment.version], zone),
        later=facts[moment.version :],
        moment=moment,
        current=current,
        at_text=typed_text(current.recorded_at, zone),
        parts=phase_parts(facts, moment.version),
        marks=()
        if moment.has_marks
        else day_marks(facts, moment.version, zone, context.system.clock()),
        known=known_points(context, case.until(moment.version)),
        unrecorded=unrecorded(facts, current),
        comparison=_comparison(context, case, asked),
        visible={one.number for one in told.evidence},
        may_hold=context.actor.role in HOLDERS,
        attempt=attempt,
        key=uuid4,
        as_json=_as_json,
        field_words=lambda name: page_words(f"state-field.{name}", context.language),
        **_ledger(context, case.until(moment.version), case, current),
    )


def _ledger(
    context: RequestContext, then: Case, case: Case, current: StoryFact
) -> dict[str, Any]:
    """Return the limits as they stood after a fact; after the last one, as now."""
    entries = deadline_ledger(then.events)
    rules = context.system.disputes.context(case, context.actor)
    waiting = shown(context.system, then, context.viewer, context.lines).waiting_on
    still = overdue_limit(entries, waiting)
    now = rules.now if then is case else current.recorded_at
    calendar, zone = rules.rules.calendar, rules.rules.policy.zone
    times = PageTimes(zone, now, context.language, rules.now)
    picture = None
    if entries:
        picture = ledger_picture(entries, times, calendar.days_off, still)
    limits = late_limits(entries, now, still)
    late = tuple(one for one in limits if one.entry.state == "missed")
    return {
        "ledger": entries,
        "picture": picture,
        "limits": limits,
        "late": late,
        "counted": partial(arithmetic_words, calendar=calendar, times=times),
    }


def unrecorded(
    facts: tuple[StoryFact, ...], current: StoryFact
) -> tuple[StoryFact, ...]:
    """Return what had happened by a moment, but was not on the record yet."""
    return tuple(
        one
        for one in facts[current.version :]
        if one.at <= current.recorded_at < one.recorded_at
    )


def _comparison(context: RequestContext, case: Case, asked: Any) -> Comparison | None:
    """Return the case at the two moments of an address; None if it names none."""
    texts = [str(asked.get(name, "")).strip() for name in ("from", "to")]
    if not any(texts):
        return None
    (before, flaw), (after, other) = (
        version_at(context, case, text) if text else (case.version, "")
        for text in texts
    )
    # Nothing may have been known yet at the first moment.
    flaw = "" if flaw == "early" else flaw
    if not flaw and not other and before > after:
        flaw = "order"
    if flaw or other:
        return Comparison(
            before=before, after=after, points=(), changes=(), flaw=flaw or other
        )
    earlier, later = case.until(before), case.until(after)
    found = difference(_opened(context, earlier), _opened(context, later))
    points = compared(known_points(context, earlier), known_points(context, later))
    return Comparison(before=before, after=after, points=points, changes=found.changes)


def _opened(context: RequestContext, case: Case) -> tuple[Recorded, ...]:
    record = context.system.record
    return opened_for(context.actor, record, case.events, case.restricted)


def _as_json(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
