"""The actions that a case offers: which request, with which fields, until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from domain.case.actions import Action, is_expected, possible
from domain.case.command import Command
from domain.case.context import Context
from domain.case.dispute import Dispute
from domain.deadlines.commands import ExtendDeadline
from domain.deadlines.decide import extendable_deadlines
from domain.notices.commands import ServeNotice
from interface.api.actions.decision_hints import DECISIONS
from interface.api.actions.hints import Hints, codes, hinted
from interface.api.actions.party_hints import PARTIES, Asks
from interface.api.actions.paths import ROUTES
from interface.api.actions.staff_hints import STAFF
from interface.api.responses.case_parts import ActionShown

_HINTS: Mapping[type[Command], Asks] = {**PARTIES, **STAFF, **DECISIONS}


def offered(case: UUID, dispute: Dispute, context: Context) -> tuple[ActionShown, ...]:
    """List what the caller can do with a case now."""
    return tuple(
        ActionShown(
            name=route.name,
            method="POST",
            href=f"/v1/disputes/{case}/{route.below(action.item)}",
            fields=hinted(route.fields, hints),
            awaited=is_expected(action, dispute, context),
            due=due,
        )
        for action in _requested(dispute, context)
        for due, hints in _variants(action, dispute, context)
        for route in ROUTES[action.command]
    )


def names(dispute: Dispute, context: Context) -> tuple[str, ...]:
    """List the names of what the caller can do with a case now, each once."""
    kinds = (action.command for action in _requested(dispute, context))
    return tuple(dict.fromkeys(route.name for kind in kinds for route in ROUTES[kind]))


def _requested(dispute: Dispute, context: Context) -> Iterator[Action]:
    return (one for one in possible(dispute, context) if one.command in ROUTES)


def _variants(
    action: Action, dispute: Dispute, context: Context
) -> Iterator[tuple[datetime | None, Hints]]:
    """Yield what the fields may hold, once for each pair of codes that go together."""
    if action.command is ExtendDeadline:
        limits = extendable_deadlines(dispute, context)
        pairs = {one.key[:2]: one.due for one in reversed([*limits])}
        for (awaited, party), due in reversed(pairs.items()):
            yield due, {"awaited": codes([awaited]), "party": codes([party])}
    elif action.command is ServeNotice:
        for one in dispute.notices:
            fits = {"notice": codes([one.kind]), "party": codes([one.party])}
            yield action.due, fits
    else:
        made = _HINTS.get(action.command)
        yield action.due, made(action, dispute, context) if made else {}
