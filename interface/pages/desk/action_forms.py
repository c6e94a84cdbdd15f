"""The actions on a case as forms, and a form that was refused."""

from __future__ import annotations

import re

from msgspec import Struct

from application.texts import texts
from interface.api.problems import ProblemDetails
from interface.api.responses.case import StaffCase
from interface.api.responses.case_parts import ActionShown, Field
from interface.pages.sent_form import SentForm

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


def action_forms(told: StaffCase, attempt: Attempt | None) -> tuple[ActionForm, ...]:
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


def has_editor(told: StaffCase) -> bool:
    """Tell whether the reader can send a decision, which has an editor of its own."""
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
