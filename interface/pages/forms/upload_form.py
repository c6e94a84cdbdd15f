"""A form with files, as templates show it: its other fields, and what it takes."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from interface.api.file_part import SIGNATURES
from interface.api.responses.case_parts import ActionShown, Field
from interface.pages.forms.action_form import is_file
from interface.pages.page_options import MOST_FILES

ACCEPTED = ",".join(SIGNATURES)
SEVERAL = "evidence"
"""The action of which one form may bring several files."""


class UploadForm(Struct, frozen=True):
    """The fields beside the files, the types that are taken, and how many at once."""

    fields: tuple[Field, ...]
    accepted: str
    most: int


def upload_form(action: ActionShown) -> UploadForm:
    """Return the form of an action that takes files."""
    fields = (one for one in action.fields if not is_file(one))
    return UploadForm(
        # Of which kind a file is, its type says as well.
        fields=tuple(
            replace(one, required=False) if one.name == "kind" else one
            for one in fields
        ),
        accepted=ACCEPTED,
        most=MOST_FILES if action.name == SEVERAL else 1,
    )
