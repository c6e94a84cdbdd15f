"""How many classes one concept has: found by the fields that they hold."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from tests.architecture.source_tree import SourceTree

CONCEPTS: Mapping[str, tuple[frozenset[str], ...]] = {
    "a ruling": (frozenset({"liability", "remedies", "reasons", "automation"}),),
    "a file": (frozenset({"sha256", "size"}),),
    "a recorded event": (
        frozenset({"version", "recorded_at"}),
        frozenset({"position", "fact"}),
        frozenset({"position", "event"}),
    ),
    "a case's proof": (
        frozenset({"proof", "index"}),
        frozenset({"proofs", "states"}),
        frozenset({"checkpoint", "events", "head"}),
    ),
}
"""A class is of a concept if it has all fields of one of these sets, inherited too."""


def classes_of(tree: SourceTree, concept: str) -> list[str]:
    """Return the classes of a concept, each with its file."""
    return [
        f"{name} ({file})"
        for name, (file, _) in tree.classes.items()
        if any(needed <= tree.fields(name) for needed in CONCEPTS[concept])
    ]


def commands(tree: SourceTree) -> tuple[str, ...]:
    """Return the names of all commands: what inherits from Command, and is no base."""
    kinds = {name for name in tree.classes if "Command" in tree.bases(name)}
    above = {base for name in kinds for base in tree.bases(name)}
    in_domain = (name for name in kinds if tree.classes[name][0].layer == "domain")
    return tuple(sorted(set(in_domain) - above))


def files_naming(tree: SourceTree) -> dict[str, list[str]]:
    """Return the files in which each command's name stands, without the demo.

    The demo gives commands as any client does: it is read by nobody who changes one.
    """
    files = [file for file in tree.files if "demo" not in file.path.parts]
    return {
        name: [str(file) for file in files if name in file.identifiers]
        for name in commands(tree)
    }


def spread(files: Mapping[str, list[str]]) -> str:
    """Return median, least and most of how many files name a command."""
    counts = [len(one) for one in files.values()]
    return f"{median(counts):g} ({min(counts)}-{max(counts)})"
