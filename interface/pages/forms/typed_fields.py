"""What somebody typed or chose in a form, in the words that the form itself has."""

from __future__ import annotations

import re

from application.texts import say, texts
from domain.policy.codes import Codes
from interface.api.actions.action_words import code_words, field_label
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_texts import page_texts, page_words

_ITEM = re.compile(r"/[0-9]+")
_STEP = re.compile(r"/(?:act/(?P<act>.+)|give/[^/]+|(?P<upload>evidence|messages))$")
_ROW = re.compile(r"(reasons|remedies)\.(\d+)(?:\.(\w+)(?:\.(\d+))?)?")
_ROW_NUMBER = re.compile(r"\.[0-9]+(?=\.|$)")
_FILLED_IN = re.compile(r"(^|\.)(currency|version)$")

ELSEWHERE = {
    "purpose": "record.purpose",
    "basis": "record.basis",
    "reason": "operation.why",
    "mediator": "queue.to-whom",
    "name": "queue.filter-name",
    "reader": "record.filter-reader",
    "role": "record.filter-role",
    "begins": "record.grant-begins",
    "ends": "record.grant-ends",
    "disputes": "record.grant-cases",
    "subject": "record.erasure-whose",
    "other_mediator": "case.other-mediator",
}
"""What fields are called on pages that are about no action of a case."""


def typed_fields(
    path: str, typed: dict[str, str], codes: Codes, language: str
) -> tuple[tuple[str, str], ...]:
    """Return what fields are called, and what they say: codes in their words.

    `path`: where the form was sent. What pages fill in themselves is left out.
    """
    return tuple(
        (field_called(path, name, language), _said(name, text, typed, codes, language))
        for name, text in typed.items()
        if not _FILLED_IN.search(name)
    )


def typed_in(form: SentForm, hidden: frozenset[str]) -> dict[str, str]:
    """Return the fields of a form that say something, without those nobody sees."""
    return {
        name: ", ".join(form.all(name))
        for name in form
        if name not in hidden and form.get(name).strip()
    }


def field_called(path: str, name: str, language: str) -> str:
    """Return what a field is called in the form that is sent to an address.

    One that no form has is called as it is named.
    """
    if "/cases/new" in path:
        place = f"label-{re.sub('[._]', '-', name)}"
        words = page_texts()["filing"].get(place)
        return words[language] if words else name
    if path.endswith("/ruling"):
        return ruling_field(name, language) or name
    found = _STEP.search(path)
    step = (found["act"] or found["upload"] or "") if found else ""
    last = _ROW_NUMBER.sub("", name).rpartition(".")[2]
    if (not step and last in ELSEWHERE) or last == "other_mediator":
        return page_words(ELSEWHERE[last], language)
    return action_field(step, name, language) or name


def action_field(step: str, name: str, language: str) -> str:
    """Return what a field of an action is called; "" for one that none has.

    `step`: the path of the action below its case, such as "offers/2/decline".
    """
    action = _ITEM.sub("", step).replace("/", "-")
    last = _ROW_NUMBER.sub("", name).rpartition(".")[2]
    if last not in texts()["fields"]:
        return ""
    said = field_label(action, last, language)
    return said[:1].upper() + said[1:]


def ruling_field(name: str, language: str) -> str:
    """Return what a field of the ruling's form is called, with its row; "" for none."""
    row = _ROW.fullmatch(name)
    words = page_texts()["ruling-field"].get((row[3] or row[1]) if row else name)
    if words is None:
        return ""
    if row is None:
        return words[language]
    place = page_words(f"ruling.{row[1]}-n", language, n=int(row[2]) + 1)
    exhibit = f" E-{int(row[4]):02d}" if row[4] else ""
    return f"{place} {words[language]}{exhibit}" if row[3] else place


def said_in_words(name: str, text: str, codes: Codes, language: str) -> str:
    """Return what a field says, by itself: a code in its words."""
    return _said(name, text, {}, codes, language)


def _said(
    name: str, text: str, typed: dict[str, str], codes: Codes, language: str
) -> str:
    last = name.rpartition(".")[2]
    if name == "arrived":
        word = "not-arrived" if text == "no" else "arrived"
        return page_words(f"filing.{word}", language)
    if text in {"true", "false"}:
        return page_words(f"case.{text}", language)
    if re.search(r"\.e\.[0-9]+$", name) and text in {"relied", "aside", "none"}:
        return page_words(f"ruling.use-{text}", language)
    group = codes.categories.get(typed.get("category", ""))
    if last == "reason" and group is not None and text in group.reasons:
        return str(getattr(group.reasons[text], language))
    # Of several that are chosen, all are codes; else it is a text.
    words = [code_words(last, one, codes, language) for one in text.split(", ")]
    known = [one for one in words if one]
    if len(known) < len(words):
        return text
    return say("lists", "between", language).join(known)
