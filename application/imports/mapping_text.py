"""The text of a mapping: where it is found, and values that are set in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from application.imports.mapping import MappingError

_SET = re.compile(r"\$\{(?P<name>[A-Za-z][A-Za-z0-9_-]*)\}", re.ASCII)


def shipped() -> tuple[str, ...]:
    """Return the names of the mappings that ship with Redress."""
    folder = files("application.imports").joinpath("mappings")
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


def text_of(name_or_path: str) -> str:
    """Read a mapping by its name, if it ships, or by its path. Raises MappingError."""
    if name_or_path in shipped():
        folder = files("application.imports").joinpath("mappings")
        return folder.joinpath(f"{name_or_path}.toml").read_text("utf-8")
    try:
        return Path(name_or_path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        known = ", ".join(shipped())
        raise MappingError(
            f"mapping {name_or_path}: {error}; these ship: {known}"
        ) from None


def with_values(text: str, values: Mapping[str, str]) -> str:
    """Return a mapping with `${name}` replaced by what is set for it.

    Raises MappingError for a name that is not set, and for one that nothing asks for.
    """
    asked = {match["name"] for match in _SET.finditer(text)}
    if missing := sorted(asked - values.keys()):
        raise MappingError(f"mapping: {', '.join(missing)}: say it by --set NAME=VALUE")
    if unasked := sorted(values.keys() - asked):
        raise MappingError(f"--set {', '.join(unasked)}: the mapping has no such name")

    def value(match: re.Match[str]) -> str:
        # Within quotation marks, as TOML writes what would end or escape them.
        return json.dumps(values[match["name"]], ensure_ascii=False)[1:-1]

    return _SET.sub(value, text)
