"""All that is wrong with a form: what cannot be read, and which rules the rest breaks.

The API tells faults of shape first, and holds a body against the rules when it has
none. A person who fills in a form is told both at once.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from application.cases.case import Case
from application.cases.line_money import known_line_money
from domain.case.command import Command
from domain.refusals import Invalid, NotFound, Problem, Refusal
from interface.api.actions.body_fields import fields_of
from interface.api.body_faults import body_faults
from interface.api.commands.command_route import CommandRoute
from interface.api.commands.fields import Body
from interface.api.commands.id_fields import in_one_form
from interface.api.problems import Failure
from interface.api.request_context import RequestContext
from interface.pages.forms.filled_gaps import (
    UNKNOWN,
    Gaps,
    broken_in_all,
    filled_in,
    values_at,
    with_values,
)
from interface.pages.forms.form_body import body_of, filled
from interface.pages.forms.sent_form import SentForm


class FormAction(Struct, frozen=True):
    """A command that a form sends: its route, and the item of the case it is about."""

    route: CommandRoute
    item: int | None

    def command(self, context: RequestContext, form: SentForm) -> Command:
        """Return the command. Raises Failure or Invalid with all that is wrong."""
        kind = self.route.body
        return self._of(context, None if kind is None else filled(kind, form))

    def of_body(self, context: RequestContext, sent: dict[str, Any]) -> Command:
        """Return the command of a body that has no faults of shape.

        Raises Invalid with what is no id, or the first amount that is none.
        """
        body = msgspec.convert(sent, self.route.body)
        return self._of(context, in_one_form(body))

    def _of(self, context: RequestContext, body: Body | None) -> Command:
        item = {} if self.item is None else {self.route.item: self.item}
        if body is None:
            return self.route.command(**item)
        return body.command(self.route.command, context.caller, **item)


class _Reading(Struct, frozen=True):
    """What a form says as a body, its faults of shape, and what could stand there.

    `is_filled`: something is known of each of its faults.
    """

    sent: dict[str, Any]
    faults: tuple[Problem, ...] = ()
    gaps: Gaps = {}
    is_filled: bool = True


def with_rules(
    context: RequestContext,
    case: UUID,
    action: FormAction,
    form: SentForm,
    error: Failure | Invalid,
) -> Failure | Invalid:
    """Return why a form is no command, with the rules that the rest of it breaks.

    Raises NotFound for a case that is not there.
    """
    if action.route.body is None or form.was_cut:
        return error
    if isinstance(error, Failure) and error.code != "malformed":
        return error
    try:
        found = context.read(case)
        reading = _read(context, action, form)
        broken = _broken(context, found, action, reading)
    except NotFound:
        raise
    except (Failure, Refusal):
        # Without a key, or by whom the case may not be read: the rules say nothing.
        return error
    if len(reading.faults) + len(broken) == len(_told(error)):
        return error
    return Failure("malformed", faults=[*reading.faults, *broken])


def _told(error: Failure | Invalid) -> tuple[Problem, ...]:
    return error.problems if isinstance(error, Invalid) else error.faults


def _read(context: RequestContext, action: FormAction, form: SentForm) -> _Reading:
    """Find each fault of shape: behind one that is mended, others come to light."""
    fields = fields_of(action.route.body) if action.route.body else ()
    reading = _Reading(body_of(fields, form))
    while True:
        values = {place: some[0] for place, some in reading.gaps.items()}
        left = _shape(context, action, with_values(reading.sent, values))
        known = {one.pointer for one in reading.faults}
        found = tuple(one for one in left if one.pointer not in known)
        if not left:
            return reading
        more = {one.pointer: values_at(fields, one.pointer) for one in found}
        faults, gaps = (*reading.faults, *found), reading.gaps | more
        if not found or not all(more.values()):
            # What is tried does not do either.
            return replace(reading, faults=faults, is_filled=False)
        reading = replace(reading, faults=faults, gaps=gaps)


def _shape(
    context: RequestContext, action: FormAction, body: dict[str, Any]
) -> tuple[Problem, ...]:
    """Return why a body is no command: its faults, or the first amount that is none."""
    if faults := body_faults(body, action.route.body):
        return faults
    try:
        action.of_body(context, body)
    except Invalid as error:
        return error.problems
    return ()


def _broken(
    context: RequestContext, case: Case, action: FormAction, reading: _Reading
) -> tuple[Problem, ...]:
    """Return the rules that a form breaks whatever stands in its gaps."""
    if not reading.is_filled:
        return ()
    gaps, judged = reading.gaps, _Judge(context, case, action)
    found = judged.of_each(reading.sent, gaps)
    # A code of which the rules say what it may be could be each of these.
    while (codes := gaps | _codes(found, gaps)) != gaps:
        gaps, found = codes, judged.of_each(reading.sent, codes)
    return broken_in_all(found, gaps)


def _codes(found: list[tuple[Problem, ...]], gaps: Gaps) -> Gaps:
    """Return what the rules name for gaps of which only the form is known."""
    return {
        one.pointer: tuple(one.details["allowed"].split(", "))
        for problems in found
        for one in problems
        if one.code == "unknown-code" and gaps.get(one.pointer) == UNKNOWN
    }


class _Judge:
    """Holds bodies against the rules of a case; nothing is recorded."""

    def __init__(self, context: RequestContext, case: Case, action: FormAction) -> None:
        self.context, self.case, self.action = context, case, action
        self.money = known_line_money(context.lines, case, context.actor)

    def of_each(self, sent: dict[str, Any], gaps: Gaps) -> list[tuple[Problem, ...]]:
        """Return the rules that a body breaks, for each way to fill its gaps."""
        return [self._broken(one) for one in filled_in(sent, gaps)]

    def _broken(self, body: dict[str, Any]) -> tuple[Problem, ...]:
        context, case = self.context, self.case
        try:
            command = self.action.of_body(context, body)
            asked = context.request(case.case, command, None)
            context.system.disputes.decided(case, asked, command, self.money)
        except Invalid as error:
            return error.problems
        except (msgspec.ValidationError, Refusal):
            # No value for the gap; and what forbids the action as such is told when
            # the form has no faults.
            return ()
        return ()
