"""Claiming the next case: what the caller can take, how many, and which one."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from litestar.params import QueryParameter
from psycopg import Connection

from application.cases.case import Case
from application.cases.claim_next import claim_next, one_claim_at_a_time
from application.record.keyed_answers import KeyedAnswers
from domain.mediators.commands import Assign
from interface.api.parameters import one_of
from interface.api.problems import Failure
from interface.api.request_context import RequestContext
from projections.queue.unclaimed_cases import Skills, open_cases, unclaimed


class Language(StrEnum):
    """A language that buyers may ask to be written to in."""

    ZH = "zh-CN"
    EN = "en"


Categories = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=400,
        description="Codes of categories, separated by commas; without it, all.",
    ),
]
MostOpen = Annotated[
    int | None,
    QueryParameter(
        ge=1, le=1_000_000, description="Claim nothing beyond so many live cases."
    ),
]


def skills_of(
    context: RequestContext, categories: str | None, language: Language | None
) -> Skills:
    """Return what the caller can take. Raises Failure for an unknown category."""
    known = tuple(context.system.rulebooks.codes.categories)
    named = None if categories is None else tuple(categories.split(","))
    for one in named or ():
        one_of("categories", one, known)
    return Skills(categories=named, language=language)


def claimed(context: RequestContext, skills: Skills, most_open: int | None) -> Case:
    """Take a case, or the one that was taken under this key. Raises Failure."""
    # One at a time: of several that are sent at once under a key, the later ones find
    # what the first has taken.
    with KeyedAnswers(context.system.database).locked(context.command_id()) as held:
        return _claimed(context, skills, most_open, held)


def _claimed(
    context: RequestContext,
    skills: Skills,
    most_open: int | None,
    held: Connection[Any],
) -> Case:
    system, command = context.system, Assign(mediator=context.caller.subject)
    # A retry gets the case that it was given the first time. Looked up first,
    # because the queue would offer another one by now.
    earlier = system.record.key_use(context.command_id())
    if earlier is not None:
        request = context.request(earlier.case, command, None)
        return system.disputes.handle(request, command)
    _refuse_too_many(context, most_open, held)
    platform, now = context.caller.platform, system.clock()
    taken = claim_next(
        system.disputes,
        unclaimed(system.database, platform, context.actor, now, skills),
        command,
        lambda case, version: context.request(case, command, version),
        held,
    )
    if taken is not None:
        return taken
    raise Failure("queue-empty")


def _refuse_too_many(
    context: RequestContext, most_open: int | None, held: Connection[Any]
) -> None:
    """Raise Failure for a caller who has as many live cases as they may have."""
    allowed = context.system.settings.limits.open_cases
    limits = [one for one in (most_open, allowed or None) if one is not None]
    if not limits:
        return
    platform, person = context.caller.platform or "", context.caller.subject
    # Two claims at once would both see what is there before the other one.
    one_claim_at_a_time(held, f"{platform}/{person}")
    has = open_cases(context.system.database, platform, person)
    if has >= min(limits):
        raise Failure("too-many-open", open=str(has), limit=str(min(limits)))
