"""Checks the formats of times that a mapping names."""

from __future__ import annotations

import re
from datetime import UTC, datetime


def time_mistake(form: str) -> str | None:
    """Return what is wrong with a strptime format, None if nothing is."""
    sample = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    # Tried on a text of this format: strptime checks one only when it reads by it.
    try:
        datetime.strptime(sample.strftime(form), form)  # noqa: DTZ007 - only tried
    except (ValueError, re.error) as error:
        return f"{form!r} is not a format of times: {error}"
    return None if "%" in form else f"{form!r} is not a format of times"
