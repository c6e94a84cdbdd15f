"""The body of a command, read from a form whose fields have dotted names.

`terms.amount.amount` is a field of an object in an object, and `reasons.0.issue` one of
the first item of a list. What was left empty is left out, so that the same rules judge
it as in a request of the API.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from domain.refusals import Problem
from interface.api.actions.body_fields import fields_of
from interface.api.body_faults import body_faults
from interface.api.commands.fields import Body
from interface.api.commands.id_fields import in_one_form
from interface.api.problems import Failure
from interface.api.responses.case_parts import Field
from interface.pages.forms.sent_form import SentForm
from interface.pages.forms.typed_amount import plain_amount

MOST_ITEMS = 3
"""So many objects of a list a form of an action has room for; the editor has more."""

MOST_NUMBERED = 20
"""So many objects of a list are read: a decision has no more reasons."""

_SILENT = frozenset({"currency", "version", "id"})
"""Fields that are filled in before: alone, they say nothing."""


B = TypeVar("B", bound=Body)


def filled(kind: type[B], form: SentForm) -> B:
    """Return the body that a form says. Raises Failure with all that is wrong."""
    sent = body_of(fields_of(kind), form)
    if faults := body_faults(sent, kind):
        raise Failure("malformed", faults=faults)
    if form.was_cut:
        raise Failure("malformed", faults=[Problem("", "truncated")])
    return in_one_form(msgspec.convert(sent, kind))


def body_of(fields: tuple[Field, ...], form: SentForm) -> dict[str, Any]:
    """Return what a form says of some fields, as JSON would say it."""
    return _object(fields, form, "")


def _object(fields: tuple[Field, ...], form: SentForm, above: str) -> dict[str, Any]:
    found = {one.name: _value(one, form, f"{above}{one.name}") for one in fields}
    return {name: value for name, value in found.items() if value is not None}


def _value(field: Field, form: SentForm, name: str) -> Any:
    match field.type:
        case "object":
            inner = _object(field.fields, form, f"{name}.")
            return inner if field.required or inner.keys() - _SILENT else None
        case "array" if field.items == "object":
            rows = (
                _object(field.fields, form, f"{name}.{n}.")
                for n in range(MOST_NUMBERED)
            )
            return [row for row in rows if _says(row)]
        case "array":
            return _items(field, form.all(name))
    text = form.get(name).strip() if field.type != "string" else form.get(name)
    if not text.strip():
        return None
    if field.type == "decimal":
        above = name.rpartition(".")[0]
        return plain_amount(text, form.get(f"{above}.currency"))
    if field.type == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return _number(text) if field.type == "integer" else text


def _says(row: dict[str, Any]) -> bool:
    return any(
        _says(value) if isinstance(value, dict) else value not in ([], None)
        for name, value in row.items()
        if name not in _SILENT
    )


def _items(field: Field, values: tuple[str, ...]) -> list[Any] | None:
    """Return the items of a list: those that are ticked, or one a line."""
    if not field.codes:
        values = tuple(
            one for value in values for one in value.replace(",", "\n").split("\n")
        )
    found = [one.strip() for one in values if one.strip()]
    if not found and not field.required:
        return None
    return [_number(one) if field.items == "integer" else one for one in found]


def _number(text: str) -> int | str:
    """Return a whole number; another text is left as it is, and refused as such."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text  # noqa: PLR2004 - as ids have
