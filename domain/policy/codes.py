"""The code tables: categories, reasons, remedies, grounds …, with labels in zh and en.

They are data (`codes.toml`), loaded by the application and handed to decisions.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from domain.deadlines.time_limits import LimitName
from domain.roles import Party


class Label(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words for a code. `imported`: only other systems' history uses it."""

    zh: str
    en: str
    imported: bool = False


class Category(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first level of what a dispute is about, with its reasons."""

    zh: str
    en: str
    reasons: Mapping[str, Label]


class Owed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a remedy makes a party owe, once obligation `after` of it is confirmed."""

    debtor: Party
    duty: str
    limit: LimitName
    after: int | None = None


class RemedyCode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be claimed, offered or ruled, and what is then owed.

    `freight`: a ruling has to say who bears it.
    """

    zh: str
    en: str
    amount: bool = False
    freight: bool = False
    claimable: bool = True
    obligations: tuple[Owed, ...]


class Codes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All code tables. `edition` is raised with every change of their file."""

    edition: int
    categories: Mapping[str, Category]
    remedies: Mapping[str, RemedyCode]
    grounds: Mapping[str, Label]
    routes: Mapping[str, Label]
    positions: Mapping[str, Label]
    evidence: Mapping[str, Label]
    liabilities: Mapping[str, Label]
    channels: Mapping[str, Label]
    duties: Mapping[str, Label]
    inquiries: Mapping[str, Label]
    methods: Mapping[str, Label]
    failures: Mapping[str, Label]
    sanctions: Mapping[str, Label]
    breaches: Mapping[str, Label]

    def own(self, table: str) -> tuple[str, ...]:
        """List the codes of a table that may be used here, not only imported."""
        labels: Mapping[str, Label] = getattr(self, table)
        return tuple(code for code, label in labels.items() if not label.imported)

    @property
    def reasons(self) -> tuple[str, ...]:
        """List the reasons of all categories."""
        rows = self.categories.values()
        return tuple(reason for row in rows for reason in row.reasons)

    @property
    def claims(self) -> tuple[str, ...]:
        """List the remedies that a buyer may claim and a party may offer."""
        return tuple(code for code, row in self.remedies.items() if row.claimable)


def load(text: str) -> Codes:
    """Read code tables from TOML. Raises ValueError naming the place of a mistake."""
    return msgspec.convert(tomllib.loads(text), Codes)
