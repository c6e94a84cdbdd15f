"""The templates of the pages, and what each of them knows."""

from __future__ import annotations

from calendar import month_abbr
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from application.cases.readable_values import amount_in_words, length_in_words
from application.texts import LANGUAGES, as_written, say, written_in
from domain.money import parse
from interface.pages.direction_signs import with_signs
from interface.pages.forms.action_form import Attempt
from interface.pages.forms.chosen_files import chosen_names
from interface.pages.page_files import asset, file_size
from interface.pages.page_texts import page_words
from interface.pages.record.typed_times import is_day
from projections.case_view.shown_values import MoneyShown


def shown_amount(amount: MoneyShown) -> str:
    """Return an amount as people write it, such as ¥1,280.00."""
    return amount_in_words(parse(amount.amount, amount.currency))


def chosen_of(attempt: Attempt | None) -> tuple[str, ...]:
    """Return the names of the files that came with a form that was refused."""
    return chosen_names(attempt.form) if attempt else ()


def begun(words: str) -> str:
    """Return words as a label or a cell begins: with a capital letter."""
    return words[:1].upper() + words[1:]


def language_tag_of(text: str) -> str:
    """Return the tag of the language that somebody's text is in; "" for none."""
    return LANGUAGES.get(written_in(text) or "", "")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "asset": asset,
        "shown_amount": shown_amount,
        "money": amount_in_words,
        "file_size": file_size,
        "is_day": is_day,
        "chosen": chosen_of,
        "month_name": month_abbr.__getitem__,
        "tag_of": language_tag_of,
    }
    environment.filters["begun"] = begun
    return environment


def rendered(template: str, language: str, values: dict[str, Any]) -> str:
    """Return a page's HTML. `t` in it is a text of pages, `say` one of the API's."""

    def said(table: str, code: str, **filling: str) -> str:
        return say(table, code, language, **filling)

    html = (
        _environment()
        .get_template(template)
        .render(
            language=language,
            language_tag=LANGUAGES[language],
            t=partial(page_words, language=language),
            say=said,
            as_written=partial(as_written, language=language),
            limit_length=partial(length_in_words, language=language),
            **values,
        )
    )
    # Of the whole page, so that no template can leave it out.
    return with_signs(html)
