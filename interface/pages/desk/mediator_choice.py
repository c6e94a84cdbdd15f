"""Whom a supervisor gives a case to: those who have cases, or anybody by their id."""

from __future__ import annotations

from msgspec.structs import replace

from domain.roles import Role
from interface.api.request_context import RequestContext
from interface.api.responses.case import StaffCase
from interface.api.responses.case_parts import ActionShown, Field
from interface.api.routes.queue_counts import counts_of
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_texts import page_words

NAMED = "mediator"
OTHER = "other_mediator"
"""The field for somebody who has no case now, and so is in no list."""

CONFIRMED = "confirmed_mediator"
"""The field that says once more who was typed, and is in no list."""


def with_choice(
    told: StaffCase, context: RequestContext, attempt: Attempt | None
) -> StaffCase:
    """Return a case whose actions offer the mediators that can be named.

    A mediator names nobody but oneself, which the action says already. Who was typed
    and is unknown here has to be confirmed.
    """
    if context.actor.role is not Role.SUPERVISOR:
        return told
    people = known_people(context)
    typed = attempt.form.get(OTHER).strip() if attempt else ""
    unknown = "" if typed in people else typed
    barred = {told.buyer, told.seller}

    def offering(action: ActionShown) -> ActionShown:
        # Who has the case needs not be given it.
        out = barred | ({told.assignee} if action.name == "assignment" else set())
        found = {who: many for who, many in people.items() if who not in out}
        fields = _fields(action.fields, found, unknown, context.language)
        if action.name == "assignment":
            fields = tuple(
                replace(one, required=True) if one.name == NAMED else one
                for one in fields
            )
        return replace(action, fields=fields)

    return replace(told, actions=tuple(map(offering, told.actions)))


def as_named(form: SentForm) -> SentForm:
    """Return a form in which who was typed counts as the one who is named."""
    typed = form.get(OTHER).strip()
    return replace(form, values=form.values | {NAMED: (typed,)}) if typed else form


def known_people(context: RequestContext) -> dict[str, int]:
    """Return who works here: those who have cases, with how many, and the reader."""
    found = {one.assignee: one.total for one in counts_of(context).assignees}
    return {context.caller.subject: 0} | found


def workload(name: str, many: int, language: str) -> str:
    """Return who somebody is, and how many cases they have."""
    return page_words("queue.workload", language, name=name, n=f"{many:,}")


def _fields(
    fields: tuple[Field, ...], people: dict[str, int], unknown: str, language: str
) -> tuple[Field, ...]:
    found: list[Field] = []
    for one in fields:
        if one.name != NAMED or one.codes or not people:
            found.append(one)
            continue
        words = {who: workload(who, n, language) for who, n in people.items()}
        found.append(replace(one, codes=tuple(words), words=words))
        label = page_words("case.other-mediator", language)
        found.append(Field(name=OTHER, type="string", required=False, label=label))
        if unknown:
            found.append(_confirming(unknown, language))
    return tuple(found)


def _confirming(unknown: str, language: str) -> Field:
    """Return the field by which somebody unknown is confirmed, and nobody else."""
    words = page_words("case.confirm-mediator", language, name=unknown)
    return Field(
        name=CONFIRMED,
        type="array",
        items="string",
        required=True,
        codes=(unknown,),
        words={unknown: words},
        label=page_words("case.confirm", language),
    )
