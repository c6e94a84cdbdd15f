"""The actions that a case offers: which request, with which fields, until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from domain.case.actions import Action, is_expected, possible
from domain.case.context import Context
from domain.case.dispute import Dispute
from interface.api.actions.action_words import Words, words_of
from interface.api.actions.body_fields import fields_of
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.command_table import ROUTES
from interface.api.commands.hints import Hints
from interface.api.responses.case_parts import ActionShown, Field


def offered(
    case: UUID, dispute: Dispute, context: Context, language: str
) -> tuple[ActionShown, ...]:
    """List the actions that the caller has on a case now, in words of a language."""
    words = words_of(context.codes, language)
    return tuple(
        ActionShown(
            name=route.name,
            label=words.action(route.name),
            method="POST",
            href=f"/v1/disputes/{case}/{route.below(action.item)}",
            fields=hinted(words.fields(route.name, _fields(route)), hints, words),
            awaited=is_expected(action, dispute, context),
            due=due,
        )
        for action in _requested(dispute, context)
        for route in ROUTES[action.command]
        for due, hints in _variants(route, action, dispute, context)
    )


def names(dispute: Dispute, context: Context) -> tuple[str, ...]:
    """List the names of the actions that the caller has on a case now, each once."""
    kinds = (action.command for action in _requested(dispute, context))
    return tuple(dict.fromkeys(route.name for kind in kinds for route in ROUTES[kind]))


def hinted(
    fields: tuple[Field, ...], hints: Hints, words: Words, above: str = ""
) -> tuple[Field, ...]:
    """Return fields with their hints, and those of the fields inside."""
    if not hints:
        return fields
    return tuple(_hinted(field, hints, words, above) for field in fields)


def _hinted(field: Field, hints: Hints, words: Words, above: str) -> Field:
    place = f"{above}{field.name}"
    changed = dict(hints.get(place, {}))
    if "codes" in changed:
        changed["words"] = words.of_codes(field.name, changed["codes"])
    if field.fields:
        changed["fields"] = hinted(field.fields, hints, words, f"{place}.")
    return replace(field, **changed) if changed else field


def _requested(dispute: Dispute, context: Context) -> Iterator[Action]:
    return (one for one in possible(dispute, context) if one.command in ROUTES)


def _fields(route: CommandRoute) -> tuple[Field, ...]:
    return route.upload if route.body is None else fields_of(route.body)


def _variants(
    route: CommandRoute, action: Action, dispute: Dispute, context: Context
) -> Iterator[tuple[datetime | None, Hints]]:
    """Yield what the fields may hold, once for each pair of codes that go together."""
    if route.variants is not None:
        yield from route.variants(action, dispute, context)
    else:
        hints = route.hints(action, dispute, context) if route.hints else {}
        yield action.due, hints
