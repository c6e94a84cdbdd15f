"""Which rows of the views requests see: conditions of row security, in SQL.

Each is evaluated as `redress_api`, by the settings that the scope of a request gives
its session (`application/record/row_scope.py`); where nothing is set, none holds.
"""

from __future__ import annotations

# As a sub-select each is asked once a statement, and not once a row.
_SEES = "(SELECT current_setting('redress.sees', true))"
_ROLE = "(SELECT current_setting('redress.role', true))"
_PLATFORM = "(SELECT current_setting('redress.platform', true))"
_SUBJECT = "(SELECT current_setting('redress.subject', true))"


def of_case(view: str) -> str:
    """Return the condition that the row's case is one that the caller sees."""
    return (
        "EXISTS (SELECT 1 FROM redress.case_parties p"
        f" WHERE p.case_id = {view}.case_id)"
    )


QUEUED = f"""CASE {_SEES}
    WHEN 'all' THEN true
    WHEN 'platform' THEN platform = {_PLATFORM}
    WHEN 'staff' THEN platform = {_PLATFORM}
        AND buyer IS DISTINCT FROM {_SUBJECT} AND seller IS DISTINCT FROM {_SUBJECT}
        AND NOT EXISTS (SELECT 1 FROM redress.case_recusals r
            WHERE r.case_id = queue.case_id AND r.person = {_SUBJECT})
    WHEN 'buyer' THEN platform = {_PLATFORM} AND buyer = {_SUBJECT}
    WHEN 'seller' THEN platform = {_PLATFORM} AND seller = {_SUBJECT}
        AND seller_since IS NOT NULL
    ELSE false END"""
"""`of_case`, by the columns that the queue has of its own: lists are read by it."""

CELLED = f"""CASE {_SEES}
    WHEN 'all' THEN true
    WHEN 'platform' THEN platform = {_PLATFORM}
    WHEN 'staff' THEN platform = {_PLATFORM}
    ELSE false END"""
"""Counts of the queue, for those who list all cases of a platform. Whoever asks takes
off the cases that staff may not read."""

COUNTED = f"""CASE {_SEES}
    WHEN 'all-figures' THEN true
    WHEN 'figures' THEN platform = {_PLATFORM}
    ELSE {of_case("transparency")} END"""
"""Figures count every case of a platform; their cases are shown to who may read them.
"""

SUMMED = f"""CASE {_SEES}
    WHEN 'all-figures' THEN true
    WHEN 'figures' THEN platform = {_PLATFORM}
    ELSE false END"""
"""Sums tell of no case who may read it, so only reports read them."""

NOTIFIED = f"party = {_ROLE} AND {of_case('notices')}"
"""A notice is its party's own."""

PUBLISHED = f"{_SEES} <> '' AND published_at IS NOT NULL"
"""The register of sanctions is public (standard, 4.4)."""
