"""Names of files that a form had with it when it came back.

No browser gives files back with a page: what was chosen has to be chosen again, and the
page says so by name.
"""

from __future__ import annotations

from msgspec.structs import replace

from interface.pages.forms.file_receipt import file_name
from interface.pages.forms.form_parts import FormParts
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


async def with_names(form: SentForm, parts: FormParts) -> SentForm:
    """Return a form that carries the names of the files that come with it as well.

    All of them are read to their end: a browser shows no answer before that.
    """
    names: list[str] = []
    while (head := await parts.file()) is not None:
        names.append(file_name(head))
    values = form.values | {CHOSEN: (*form.all(CHOSEN), *names)}
    return replace(form, values=values) if names else form
