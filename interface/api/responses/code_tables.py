"""All codes with their words: the tables that can be extended, and the fixed ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from application.texts import texts
from domain.policy.codes import Codes, Label


class CodesShown(Codes, frozen=True, kw_only=True):
    """The code tables, and the codes that the rules themselves are made of."""

    phases: Mapping[str, Label]
    outcomes: Mapping[str, Label]
    parties: Mapping[str, Label]
    awaited: Mapping[str, Label]
    silence: Mapping[str, Label]
    triggers: Mapping[str, Label]
    appeal_grounds: Mapping[str, Label]
    appeal_results: Mapping[str, Label]
    suspension_causes: Mapping[str, Label]
    automation: Mapping[str, Label]


def all_codes(codes: Codes) -> CodesShown:
    """Return the tables of the rules in force, and the fixed ones."""
    tables: dict[str, Any] = {
        name: getattr(codes, name, None) or _words(name)
        for name in CodesShown.__struct_fields__
    }
    return CodesShown(**tables)


def _words(table: str) -> Mapping[str, Label]:
    return {
        code: Label(zh=words["zh"], en=words["en"])
        for code, words in texts()[table].items()
    }
