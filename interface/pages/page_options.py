"""The options of routes that answer with pages."""

from __future__ import annotations

from typing import Any

from interface.api.recorded_reads import public

PAGE: dict[str, Any] = {"page": True}
"""A route of pages: its callers come with a session, and errors are pages as well."""

FORM: dict[str, Any] = PAGE | {"form": True}
"""A route that takes a form, which has to bring its token."""

TEXT_FORM: dict[str, Any] = FORM | {"cuts": True}
"""One of long texts: of more than is read, it is told at which field."""

MOST_FILES = 10

UPLOAD: dict[str, Any] = FORM | {"upload": True, "files": MOST_FILES}
"""A route that takes a form with files."""


def public_page(reason: str) -> dict[str, Any]:
    """Return the options of a page that everybody may read, without signing in."""
    return public(reason) | PAGE
