"""Reads the regulations: those that ship, and an operator's own."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from msgspec import Struct

from application.operator_error import OperatorError
from application.rules.rule_sets import RulePart
from domain.policy import regulation
from domain.policy.burden_of_proof import ProofRules
from domain.policy.regulation import Regulation

SAMPLE = "sample-platform"
"""The regulation that an operator's own take the place of."""


class RegulationWrong(OperatorError):
    """A regulation cannot be used; the message names the file and every mistake."""


class RegulationFiles(Struct, frozen=True, kw_only=True):
    """Regulations by id.

    `known`: all that decisions may name, old ones too; `parts`: the texts of those that
    may be cited now.
    """

    known: Mapping[str, Regulation]
    parts: Mapping[str, RulePart]

    @property
    def citable(self) -> tuple[Regulation, ...]:
        """Return the regulations that may be cited now, by name and version."""
        found = (self.known[one] for one in self.parts)
        return tuple(sorted(found, key=lambda one: (one.name, one.version)))


def read_regulations(
    shipped: Traversable, folder: Path | None, proofs: Mapping[str, ProofRules]
) -> RegulationFiles:
    """Read what ships, and `folder` beside it. Raises RegulationWrong.

    An operator's own rules stand in the place of the sample's: nobody is to be judged
    by rules that were made up to show how it works.
    """
    known: dict[str, Regulation] = {}
    parts: dict[str, RulePart] = {}
    own = () if folder is None else _toml_files(folder)
    for entry in (*_toml_files(shipped), *own):
        text = _read(entry)
        try:
            found = regulation.load(text, proofs)
            _refuse_misfit(found, known)
        except ValueError as error:
            raise RegulationWrong(f"{entry}: {error}") from None
        known[found.id] = found
        parts[found.id] = RulePart(
            kind="regulation", id=found.id, text=text.encode(), source=str(entry)
        )
    if own:
        parts = {name: one for name, one in parts.items() if known[name].name != SAMPLE}
    return RegulationFiles(known=known, parts=parts)


def _refuse_misfit(found: Regulation, known: Mapping[str, Regulation]) -> None:
    """Raise ValueError for an id that is taken, or versions out of order."""
    if found.id in known:
        raise ValueError(f"there is a {found.id} already; a change is a new version")
    for other in known.values():
        if other.name != found.name:
            continue
        older, newer = sorted((other, found), key=lambda one: one.version)
        if newer.in_force_from < older.in_force_from:
            raise ValueError(f"{newer.id} would be in force before {older.id}")


def _read(entry: Traversable) -> str:
    try:
        return entry.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise RegulationWrong(f"{entry}: not UTF-8: {error}") from None


def _toml_files(folder: Traversable) -> tuple[Traversable, ...]:
    found = (one for one in folder.iterdir() if one.name.endswith(".toml"))
    return tuple(sorted(found, key=lambda one: one.name))
