"""Names of files that a filing had with it when it came back.

No browser gives files back with a page: what was chosen has to be chosen again, and the
page says so by name.
"""

from __future__ import annotations

from interface.pages.forms.sent_form import SentForm
from interface.pages.page_options import MOST_FILES

CHOSEN = "chosen"
_MOST_CHARACTERS = 200


def chosen_names(form: SentForm) -> tuple[str, ...]:
    """Return the names that a form carries, each once.

    Sent as text, a field for files says their names and brings no file.
    """
    said = (*form.all(CHOSEN), *form.all("file"))
    names = dict.fromkeys(one[:_MOST_CHARACTERS] for one in said if one.strip())
    return tuple(names)[:MOST_FILES]


def with_names(form: SentForm, names: list[str]) -> SentForm:
    """Return a form that carries the names of files that came with it as well."""
    values = form.values | {CHOSEN: (*form.all(CHOSEN), *names)}
    return SentForm(values, form.was_cut)
