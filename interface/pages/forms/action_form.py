"""The actions of a case as forms, and one that was refused with what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

from litestar import Request
from msgspec import Struct

from application.texts import texts
from interface.api.actions.body_fields import fields_of
from interface.api.commands.command_table import ROUTES
from interface.api.commands.fields import Body
from interface.api.problems import ProblemDetails
from interface.api.responses.case import CaseShown
from interface.api.responses.case_parts import ActionShown, Field
from interface.pages.forms.file_receipt import FileReceipt
from interface.pages.forms.sent_form import SentForm
from interface.pages.forms.typed_fields import action_field

STALE = ":stale"
"""How the type of a problem ends that tells that a case has moved on."""

SHORT = 128
"""Characters of a name or a code; longer fields are texts."""

_ITEM = re.compile(r"/[0-9]+")
_OF_RULE = re.compile(r"\brule\.\w+$")
_BESIDE = re.compile(r"(evidence)/(\d+)/assessment|(inquiries)/(\d+)/answer")


class Attempt(Struct, frozen=True, kw_only=True):
    """A form that was refused: the path of its action, what was typed, and why.

    `version`: the one that the form was made for. `receipts`: what became of its files,
    if that is all that is wrong.
    """

    path: str
    form: SentForm
    problem: ProblemDetails
    version: int | None
    receipts: tuple[FileReceipt, ...] = ()

    @property
    def moved_on(self) -> bool:
        """Tell whether the case is another one than that of the form."""
        return self.problem.type.endswith(STALE)

    def texts(self, language: str) -> list[tuple[str, str]]:
        """Return what was typed, with what each field is called, to be copied."""
        texts = _texts(self.path)
        return [
            (action_field(self.path, name, language), self.form.get(name))
            for name in self.form
            if name.rpartition(".")[2] in texts and self.form.get(name).strip()
        ]

    @property
    def faults(self) -> dict[str, str]:
        """Return what is wrong by the names of fields."""
        found: dict[str, str] = {}
        for one in self.problem.errors:
            # A rule is one choice: what is wrong with a part of it is told at it.
            name = _OF_RULE.sub("rule", field_name(one.pointer))
            found.setdefault(name, one.detail)
        return found

    def summary(self, language: str) -> list[tuple[str, str, str]]:
        """Return each fault: the name of its field, what that is called, and words.

        They have the order of the fields on the page.
        """
        fields = tuple(one for body in _bodies(self.path) for one in fields_of(body))
        return [
            (name, action_field(self.path, name, language), words)
            for name, words in sorted(
                self.faults.items(), key=lambda one: field_place(fields, one[0])
            )
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

    @property
    def in_list(self) -> bool:
        """Tell whether the links at the head of the page lead to the form."""
        return self.place in {"", "draft"}

    @property
    def takes_file(self) -> bool:
        """Tell whether the form brings a file, and is sent in parts."""
        return any(map(is_file, self.action.fields))


def action_forms(
    told: CaseShown, attempt: Attempt | None, edited: AbstractSet[str] = frozenset()
) -> tuple[ActionForm, ...]:
    """Return the actions as forms, what the case waits for first.

    One that was refused is shown also if it is not possible any more. `edited`: paths
    of actions that have a page of their own.
    """
    above = f"/v1/disputes/{told.id}/"
    left_out = edited - ({attempt.path} if attempt else set())
    ways = [one for one in told.actions if one.href.removeprefix(above) not in left_out]
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


def _texts(path: str) -> frozenset[str]:
    """Return the names of an action's fields that take more than a name or a code."""
    return frozenset(name for body in _bodies(path) for name in _long(fields_of(body)))


def _bodies(path: str) -> list[type[Body]]:
    at = _ITEM.sub("/{n}", path)
    found = (one for routes in ROUTES.values() for one in routes if one.path == at)
    return [one.body for one in found if one.body is not None]


def _long(fields: tuple[Field, ...]) -> Iterator[str]:
    for one in fields:
        if one.type == "string" and (one.max_length or 0) > SHORT:
            yield one.name
        yield from _long(one.fields)


def field_name(pointer: str) -> str:
    """Return the dotted name of the field that a JSON pointer is about."""
    return pointer.removeprefix("/").replace("/", ".")


def field_place(fields: tuple[Field, ...], name: str) -> list[int]:
    """Return where a field stands in a form, to sort by; unknown ones come last."""
    place: list[int] = []
    for step in name.split("."):
        if step.isdecimal():
            place.append(int(step))
            continue
        names = [one.name for one in fields]
        place.append(names.index(step) if step in names else len(names))
        fields = next((one.fields for one in fields if one.name == step), ())
    return place


def is_file(field: Field) -> bool:
    """Tell whether a field of a form is a file."""
    return field.type == "file"


def just_done(request: Request[Any, Any, Any]) -> str:
    """Return the name of the action that has just been done, if there is such a one."""
    name = request.query_params.get("done", "")
    return name if request.method == "GET" and name in texts()["actions"] else ""
