"""A case as its mediator works on it: where it stands, what was said, what to do."""

from __future__ import annotations

import re
from typing import Any, cast
from uuid import UUID, uuid4

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from application.cases.case import Case
from application.privacy.redaction import opened_for
from application.texts import texts
from domain.case.dispute import Phase
from domain.deadlines.ledger import deadline_ledger
from interface.api.actions.action_words import code_words
from interface.api.presentation import shown
from interface.api.problems import ProblemDetails
from interface.api.recorded_reads import Read, read_of
from interface.api.request_context import RequestContext
from interface.api.responses.case import StaffCase
from interface.api.responses.case_parts import ActionShown, Field
from interface.api.responses.part_words import terms_words
from interface.pages.desk.case_decisions import decision_parts
from interface.pages.desk.case_story import StoryLine, story_of
from interface.pages.desk.form_body import MOST_ITEMS
from interface.pages.desk.ledger_picture import ledger_picture
from interface.pages.desk.queue_filters import DESK, PATH
from interface.pages.desk.queue_groups import urgency_of
from interface.pages.page import page
from interface.pages.page_times import PageTimes
from interface.pages.sent_form import SentForm

STEPS = (
    (Phase.FILED,),
    (Phase.AWAITING_RESPONSE, Phase.UNANSWERED),
    (Phase.NEGOTIATING,),
    (Phase.EVIDENCE,),
    (Phase.RULING,),
    (Phase.PERFORMING, Phase.ENFORCING, Phase.APPEAL),
    (Phase.CLOSED,),
)
"""The usual course of a case; what belongs to a step stands in the same place."""


WRITTEN = ("ruling", "ruling-draft", "appeal/decision")
"""Actions that have an editor of their own."""

_BESIDE = re.compile(r"(evidence)/(\d+)/assessment|(inquiries)/(\d+)/answer")


class Attempt(Struct, frozen=True, kw_only=True):
    """A form that was refused: the path of its action, what was typed, and why.

    `version`: the one that the form was made for.
    """

    path: str
    form: SentForm
    problem: ProblemDetails
    version: int | None

    @property
    def faults(self) -> dict[str, str]:
        """Return what is wrong by the names of fields."""
        return {_name(one.pointer): one.detail for one in self.problem.errors}

    def summary(self, language: str) -> list[tuple[str, str, str]]:
        """Return each fault: the name of its field, what that is called, and words."""
        return [
            (name, _called(name, language), words)
            for name, words in self.faults.items()
        ]


class ActionForm(Struct, frozen=True, kw_only=True):
    """An action that can be sent as a form; `path` is that below the case.

    `number` tells its fields from those of the other forms. `place`: beside what it is
    about, such as "evidence-2"; "" with the other actions.
    """

    number: int
    action: ActionShown
    path: str
    attempt: Attempt | None

    @property
    def place(self) -> str:
        """Return beside which part of the page the form stands."""
        if self.path == "ruling-draft/approval":
            return "draft"
        found = _BESIDE.fullmatch(self.path)
        return "-".join(filter(None, found.groups())) if found else ""


@get(
    f"{PATH}/cases/{{dispute_id:uuid}}",
    sync_to_thread=True,
    opt=DESK | read_of(Read.CASE, by=DESK["roles"]),
)
def case_page(
    request: Request[Any, Any, Any],
    context: NamedDependency[RequestContext],
    dispute_id: FromPath[UUID],
) -> Response[str]:
    """Show a case with all that the reader may do."""
    return case_page_of(request, context, dispute_id, None)


def case_page_of(
    request: Request[Any, Any, Any],
    context: RequestContext,
    dispute_id: UUID,
    attempt: Attempt | None,
) -> Response[str]:
    """Return the page of a case, with a form that was refused, if there is one."""
    case = context.read(dispute_id)
    system, language = context.system, context.language
    told = cast("StaffCase", shown(system, case, context.viewer, context.lines))
    rules = system.disputes.context(case, context.actor)
    events = opened_for(context.actor, system.record, case.events, case.restricted)
    story = story_of(context, events)
    waiting = told.waiting_on
    return page(
        request,
        "desk/case.html",
        status=200 if attempt is None else attempt.problem.status,
        here=f"{PATH}/cases/{dispute_id}",
        case=told,
        urgency=urgency_of(told.phase, waiting.due if waiting else None, rules.now),
        steps=_steps(told.phase),
        story=story,
        moved=moved_since(story, attempt),
        forms=_forms(told, attempt),
        editor=_has_editor(told),
        attempt=attempt,
        faults=attempt.summary(language) if attempt else [],
        done=_done(request),
        times=PageTimes(rules.rules.policy.zone, rules.now, language),
        key=uuid4,
        most_items=MOST_ITEMS,
        code=lambda name, value: (
            code_words(name, value, rules.codes, language) or value
        ),
        terms=lambda value: terms_words(value, rules, language),
        **_ledger(case, context),
        **decision_parts(told, events, rules, context),
    )


def _ledger(case: Case, context: RequestContext) -> dict[str, Any]:
    entries = deadline_ledger(case.events)
    rules = context.system.disputes.context(case, context.actor)
    zone, off = rules.rules.policy.zone, rules.rules.calendar.days_off
    picture = ledger_picture(entries, rules.now, zone, off) if entries else None
    return {"ledger": entries, "picture": picture}


def _steps(phase: Phase) -> list[tuple[Phase, str]]:
    """Return each step with its state; a phase beside the course has none."""
    at = next((n for n, one in enumerate(STEPS) if phase in one), None)
    return [
        (
            phase if at == n else one[0],
            "" if at is None or n > at else "current" if n == at else "done",
        )
        for n, one in enumerate(STEPS)
    ]


def moved_since(
    story: tuple[StoryLine, ...], attempt: Attempt | None
) -> tuple[StoryLine, ...]:
    """Return what has happened since the version that a refused form was made for."""
    if attempt is None or attempt.version is None:
        return ()
    return tuple(one for one in story if one.version > attempt.version)


def _forms(told: StaffCase, attempt: Attempt | None) -> tuple[ActionForm, ...]:
    """Return the actions as forms, what the case waits for first.

    One that was refused is shown also if it is not possible any more.
    """
    above = f"/v1/disputes/{told.id}/"
    tried = attempt.path if attempt else ""
    ways = [
        one
        for one in told.actions
        if not any(map(_is_file, one.fields))
        and (one.href.removeprefix(above) not in {*WRITTEN} - {tried})
    ]
    ordered = sorted(ways, key=lambda one: not one.awaited)
    paths = [one.href.removeprefix(above) for one in ordered]
    # An action of several ways has several forms: the first one shows what was typed.
    its = paths.index(attempt.path) if attempt and attempt.path in paths else None
    return tuple(
        ActionForm(
            number=number,
            action=one,
            path=paths[number],
            attempt=attempt if number == its else None,
        )
        for number, one in enumerate(ordered)
    )


def _has_editor(told: StaffCase) -> bool:
    above = f"/v1/disputes/{told.id}/"
    return any(one.href.removeprefix(above) in WRITTEN for one in told.actions)


def _name(pointer: str) -> str:
    return pointer.removeprefix("/").replace("/", ".")


def _called(name: str, language: str) -> str:
    """Return what a field is called; "" for one that no form has."""
    words = texts()["fields"].get(name.rpartition(".")[2])
    return str(words[language]) if words else ""


def _is_file(field: Field) -> bool:
    return field.type == "file"


def _done(request: Request[Any, Any, Any]) -> str:
    """Return the name of the action that has just been done, if there is such a one."""
    name = request.query_params.get("done", "")
    return name if request.method == "GET" and name in texts()["actions"] else ""
