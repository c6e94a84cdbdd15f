"""A filing of which a part is missing or cannot be read, held against the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from domain.refusals import Invalid, Problem
from interface.api.actions.body_fields import fields_of
from interface.api.body_faults import body_faults
from interface.api.commands.fields import MoneyBody
from interface.api.commands.filing import FilingBody
from interface.api.commands.id_fields import in_one_form
from interface.pages.forms.filled_gaps import (
    Gaps,
    broken_in_all,
    filled_in,
    values_at,
)


def broken_rules(
    body: dict[str, Any], judged: Callable[[dict[str, Any]], tuple[Problem, ...]]
) -> tuple[Problem, ...]:
    """Return the rules that a filing breaks, whatever stands in its faulty places.

    `judged` says which rules a body without faults breaks.
    """
    gaps = _gaps(_unreadable(body)) | _gaps(name_problems(body))
    filled = filled_in(body, gaps)
    if any(body_faults(one, FilingBody) for one in filled):
        return ()
    return broken_in_all([judged(one) for one in filled], gaps)


def name_problems(body: dict[str, Any]) -> tuple[Problem, ...]:
    """Return which ids hold what nobody sees, also where other fields are wrong.

    None while what else is wrong leaves no body in which they could be looked at.
    """
    for filled in filled_in(body, _gaps(_unreadable(body)))[:1]:
        try:
            in_one_form(msgspec.convert(filled, FilingBody))
        except msgspec.ValidationError:
            break
        except Invalid as refusal:
            return tuple(refusal.problems)
    return ()


def _unreadable(body: dict[str, Any]) -> tuple[Problem, ...]:
    return (*body_faults(body, FilingBody), *amount_problems(body))


def _gaps(faults: Iterable[Problem]) -> Gaps:
    fields = fields_of(FilingBody)
    return {one.pointer: values_at(fields, one.pointer) for one in faults}


def amount_problems(sent: dict[str, Any]) -> Iterator[Problem]:
    """Yield what is no amount, also where other fields are wrong as well."""
    for name, inner in (("order", "paid"), ("claim", "amount")):
        said = sent.get(name, {}).get(inner)
        if said and said.get("amount") and said.get("currency"):
            try:
                msgspec.convert(said, MoneyBody).inside(f"/{name}/{inner}")
            except msgspec.ValidationError:
                # Too long, which the other faults tell.
                continue
            except Invalid as refusal:
                yield from refusal.problems


def merged(
    otherwise: dict[str, Any], sent: dict[str, Any], reached: set[str]
) -> dict[str, Any]:
    """Return what was sent of the steps that are reached, and else the other values."""
    always = {"seller", "order", "channel"}
    kept = {name: sent[name] for name in sent if name in reached | always}
    return otherwise | kept
