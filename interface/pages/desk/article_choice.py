"""The article that an action rests on: chosen by its title among those in force."""

from __future__ import annotations

from msgspec.structs import replace

from domain.case.context import Context
from interface.api.responses.case_parts import ActionShown, Field
from interface.pages.desk.ruling_choices import rule_groups
from interface.pages.desk.ruling_form import cited_rule
from interface.pages.forms.sent_form import SentForm
from interface.pages.page_texts import page_words

RULE = "rule"
PARTS = ("id", "version", "article")


def with_articles(
    actions: tuple[ActionShown, ...], rules: Context, language: str
) -> tuple[ActionShown, ...]:
    """Return actions whose rule is one choice, and not its id, version and article."""
    if not any(map(_is_rule, (field for one in actions for field in one.fields))):
        return actions
    words = {
        article.value: f"{group.title} {article.label}"
        for group in rule_groups(rules, language)
        for article in group.rules
    }
    label = page_words("ruling-field.cites", language)
    choice = Field(
        name=RULE,
        type="string",
        required=True,
        label=label,
        codes=tuple(words),
        words=words,
    )
    return tuple(
        replace(
            action,
            fields=tuple(
                choice if _is_rule(field) else field for field in action.fields
            ),
        )
        for action in actions
    )


def as_cited(form: SentForm) -> SentForm:
    """Return a form in which the article that was chosen counts as a rule's parts."""
    chosen = form.get(RULE)
    if not chosen:
        return form
    parts = zip(PARTS, cited_rule(chosen), strict=True)
    values = {f"{RULE}.{name}": (text,) for name, text in parts}
    return replace(form, values=form.values | values)


def _is_rule(field: Field) -> bool:
    return field.name == RULE and tuple(one.name for one in field.fields) == PARTS
