"""A draft that another window has saved meanwhile, beside what was written here."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from application.cases.ruling_drafts import RulingDraft, Texts, Writing
from domain.policy.codes import Codes
from interface.pages.desk.ruling_choices import RuleGroup
from interface.pages.desk.ruling_form import RulingForm, kept_texts
from interface.pages.forms.sent_form import SentForm
from interface.pages.forms.typed_fields import ruling_field, said_in_words

WINDOW, EDITION, OTHER = "window", "edition", "other_edition"
"""Fields of the form: its window, the draft that it has seen, and the one it was told
of."""

KEEP, TAKE = "keep-here", "take-other"
"""What is chosen then: what is written here, or what the other window saved."""


class DifferingField(Struct, frozen=True, kw_only=True):
    """A field that says one thing here, and another in the other window; "" nothing."""

    called: str
    here: str
    there: str


class DraftConflict(Struct, frozen=True, kw_only=True):
    """The draft of another window, and the fields that differ."""

    saved_at: datetime
    edition: str
    fields: tuple[DifferingField, ...]


class SeenDraft(Struct, frozen=True, kw_only=True):
    """Which draft a window has seen."""

    window: str
    edition: str

    def knowing(self, draft: RulingDraft | None) -> SeenDraft:
        """Return it with a draft that it has seen now; None changes nothing."""
        return self if draft is None else replace(self, edition=draft.edition)

    def writing(self, form: RulingForm) -> Writing:
        """Return what is to be saved of a form."""
        return Writing(texts=kept_texts(form), window=self.window, edition=self.edition)


def seen_draft(form: SentForm) -> SeenDraft:
    """Return which draft the window of a form has seen.

    Who has chosen what is written here knows the draft that the page told them of.
    """
    known = OTHER if form.get("do") == KEEP else EDITION
    return SeenDraft(window=form.get(WINDOW), edition=form.get(known))


def conflict_of(
    draft: RulingDraft,
    written: RulingForm,
    codes: Codes,
    rules: tuple[RuleGroup, ...],
    language: str,
) -> DraftConflict:
    """Return what differs between a draft and what was written here."""
    # A row more in which nothing is written says nothing else.
    here, there = _said(kept_texts(written)), _said(draft.texts)
    labels = {one.value: one.label for group in rules for one in group.rules}

    def said(name: str, texts: Texts) -> str:
        text = texts.get(name, ("",))[0]
        return labels.get(text) or said_in_words(name, text, codes, language)

    return DraftConflict(
        saved_at=draft.saved_at,
        edition=draft.edition,
        fields=tuple(
            DifferingField(
                called=ruling_field(name, language) or name,
                here=said(name, here),
                there=said(name, there),
            )
            for name in dict.fromkeys((*here, *there))
            if here.get(name) != there.get(name)
        ),
    )


def _said(texts: Texts) -> Texts:
    return {name: values for name, values in texts.items() if any(values)}
