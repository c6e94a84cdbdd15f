"""Names of modules, measured: which words are fine, which files may share a name."""

from __future__ import annotations

from collections.abc import Iterator

from tests.architecture.source_tree import STARTS, SourceTree

TRADE = {
    "filing",
    "ruling",
    "reopening",
    "standing",
    "hearing",
    "finding",
    "mapping",
    "setting",
}
"""Words in -ing that are nouns: of disputes, of audits, of imports."""

SAME_MEANING = {
    "events": "what can happen in a step; each step of the domain has one",
    "commands": "what can be asked for in a step; each step of the domain has one",
    "decide": "from commands to events; each step of the domain has one",
    "evolve": "what events change of the state; each step of the domain has one",
    "api_keys": "the keys of programs: their tables, and the route",
    "as_of": "a case as it was: the use case, and its route",
    "case": "a case: as the application reads it, and as the API answers it",
    "deadlines": "the deadline ledger: in the domain a package, here its route",
    "eligibility": "what would come of a filing: the use case, and its answer",
    "evidence": "evidence: the API's commands, and its routes",
    "filing": "the step: the API's commands, and its part of the case's view",
    "negotiation": "the step: the API's commands, and its part of the case's view",
    "performance": "the step: the API's commands, and its part of the case's view",
    "notices": "the inbox: its read model, and what reads it",
    "case_counts": "how many cases filters find: counted, and their route",
    "queue_counts": "how much is in the queue: kept beside its rows, and the route",
    "rules": "rules that decide: the log's check that they stay, and their command",
    "sanctions": "the register: its read model, and what reads or fills it",
    "transparency": "the figures: their read model, and their route",
    "replay": "a case's events with the states after them: its route, and its command",
    "report": "the published figures: made, and their command",
    "witness": "a witness of the log: what it does, and its command",
}
"""Names that mean the same thing in each room that has one, and what that is."""


def participles(tree: SourceTree) -> list[str]:
    """Return the modules that end in -ing and are no noun of the trade."""
    return [
        str(file)
        for file in tree.files
        if file.stem.endswith("ing") and file.stem.split("_")[-1] not in TRADE
    ]


def shared(tree: SourceTree) -> dict[str, list[str]]:
    """Return the file names that occur more than once, with where."""
    found: dict[str, list[str]] = {}
    for file in tree.files:
        if file.stem not in STARTS:
            found.setdefault(file.stem, []).append(str(file))
    return {name: files for name, files in found.items() if len(files) > 1}


def double(tree: SourceTree) -> list[str]:
    """Return the names that occur more than once for different things, with where."""
    return [
        f"{name}: {', '.join(files)}"
        for name, files in shared(tree).items()
        if name not in SAME_MEANING
    ]


def loose(tree: SourceTree, layer: str) -> list[str]:
    """Return the files that stand at the top of a layer, in no room."""
    return [
        str(file)
        for file in tree.of(layer)
        if len(file.path.parts) == 2 and file.stem not in STARTS
    ]


def unused_reasons(tree: SourceTree) -> Iterator[str]:
    """Yield the names that are excused and occur only once, or not at all."""
    yield from SAME_MEANING.keys() - shared(tree).keys()
