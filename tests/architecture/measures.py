"""What the shape of the tree is measured by, and how far it is from where it should be.

`python -m tests.architecture.measures` prints the table of the tree as it stands, with
what is counted; `--commit RANGE` says which commits add a command with its event,
`--tree FOLDER` measures another tree, and `--no-bundle` starts no PostgreSQL.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from msgspec import Struct
from rich.console import Console
from rich.table import Table

from tests.architecture import bundle_loads, command_commit, names
from tests.architecture.concepts import classes_of, files_naming, spread
from tests.architecture.source_tree import LAYERS, ROOT, SourceTree


class Measure(Struct, frozen=True, kw_only=True):
    """One figure. `value` None: it cannot be measured here, and `counted` says why.

    `least`: the target is a lower bound. `shown` where the value is more than a number;
    `counted` lists what was counted, so that a reader can judge.
    """

    name: str
    value: float | None
    target: float | None
    least: bool = False
    shown: str = ""
    counted: Sequence[str] = ()

    @property
    def reached(self) -> bool | None:
        if self.value is None or self.target is None:
            return None
        if self.least:
            return self.value >= self.target
        return self.value <= self.target

    @property
    def missing(self) -> float:
        """Return how far the value is from the target; 0 where it is reached."""
        if self.value is None or self.target is None or self.reached:
            return 0
        return abs(self.value - self.target)


REASONS = {
    "Structs for a ruling": (
        "A draft that waits for a second person is a thing of its own, with a command,"
        " an event and a body; they share their fields by one base."
    ),
    "Structs for a file": (
        "Evidence and a message's attachment are two things. Each is recorded, shown to"
        " a reader and answered with links; a command brings one, a folder keeps it, a"
        " bundle lists it."
    ),
    "Structs for a recorded event": (
        "Cases, standings and seals are three kinds of history with one envelope. The"
        " others are a row of a table or an answer of the API, whose shape is contract."
    ),
    "Structs for a case's proof": "Three are the answer of the API, which is contract.",
    "lines of interface/ without verifier and demo": (
        "Half of it declares: the body, words and hints of 47 commands, the"
        " documentation of every route, an example for every answer. Each is said once;"
        " fewer lines would be less contract."
    ),
    "comments per 100 lines of code in interface/": (
        "The same declarations ask for no reasons. Where the interface decides (guards,"
        " retries, order, processes) it says why."
    ),
}
"""Why a target is not reached, by the measure's name."""

STRUCTS = {"a ruling": 5, "a file": 5, "a recorded event": 4, "a case's proof": 3}
LOOSE = {"application": 4}
COMMENTS = 2.0
INTERFACE_LINES, README_LINES = 10_000, 160
LEFT_OUT = {"verifier", "demo"}
NOTHING = "-"


def measured(tree: SourceTree, between: str | None = None) -> Iterator[Measure]:
    """Measure everything that the files alone tell."""
    naming = files_naming(tree)
    yield Measure(
        name="product files that name one command (no demo)",
        value=median(map(len, naming.values())),
        target=4,
        shown=spread(naming),
        counted=[f"{len(files)} {name}" for name, files in naming.items()],
    )
    yield added_command(tree.root, between)
    for concept, most in STRUCTS.items():
        yield counting(f"Structs for {concept}", classes_of(tree, concept), most)
    yield counting("modules in -ing", names.participles(tree), 0)
    yield counting("file names for different things", names.double(tree), 3)
    for layer in LAYERS:
        found = names.loose(tree, layer)
        yield counting(f"loose files in {layer}/", found, LOOSE.get(layer))
    yield interface_lines(tree)
    for layer in LAYERS:
        yield comments(tree, layer)
    readme = (tree.root / "README.md").read_text("utf-8").splitlines()
    yield Measure(name="README lines", value=len(readme), target=README_LINES)


def counting(name: str, found: Sequence[str], target: float | None) -> Measure:
    return Measure(name=name, value=len(found), target=target, counted=found)


def added_command(root: Path, between: str | None) -> Measure:
    name = "product files of a new command with its event"
    between = between or command_commit.revisions(root)
    if between is None:
        why = f"no commit's subject begins with {command_commit.SUBJECT!r}"
        return Measure(name=name, value=None, target=10, counted=[why])
    product, others = command_commit.files_changed(between, root)
    shown = f"{len(product)}, {len(product) + len(others)} with tests and docs"
    return Measure(
        name=name,
        value=len(product),
        target=10,
        shown=shown,
        counted=[*product, *others],
    )


def interface_lines(tree: SourceTree) -> Measure:
    lines: dict[str, int] = {}
    for file in tree.of("interface"):
        if not LEFT_OUT & {*file.path.parts}:
            room = file.path.parts[1] if len(file.path.parts) > 2 else "(loose)"
            lines[room] = lines.get(room, 0) + file.lines
    by_size = sorted(lines, key=lambda room: -lines[room])
    return Measure(
        name="lines of interface/ without verifier and demo",
        value=sum(lines.values()),
        target=INTERFACE_LINES,
        counted=[f"{lines[room]:,} {room}" for room in by_size],
    )


def comments(tree: SourceTree, layer: str) -> Measure:
    found = sum(file.comments for file in tree.of(layer))
    lines = sum(file.code_lines for file in tree.of(layer))
    return Measure(
        name=f"comments per 100 lines of code in {layer}/",
        value=round(100 * found / lines, 2),
        target=COMMENTS,
        least=True,
        counted=[f"{found} comments on {lines:,} lines"],
    )


def loads(read: Callable[[], list[str]] = bundle_loads.measured) -> Measure:
    """Measure how often a bundle loads its case, on a PostgreSQL of its own."""
    counted = [" ".join(statement.split()) for statement in read()]
    return counting("times a bundle loads its case", counted, 1)


def table(measures: Sequence[Measure]) -> Table:
    shown = Table("measured", "value", "target", "reached")
    for one in measures:
        value = NOTHING if one.value is None else one.shown or f"{one.value:,g}"
        bound = "≥" if one.least else "≤"
        target = NOTHING if one.target is None else f"{bound} {one.target:,g}"
        reached = {True: "yes", False: f"no, {one.missing:,g} off", None: NOTHING}
        shown.add_row(one.name, value, target, reached[one.reached])
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commit", help="the commits that add a command: A..B")
    parser.add_argument("--tree", type=Path, default=ROOT, help="what to measure")
    parser.add_argument("--no-bundle", action="store_true", help="start no PostgreSQL")
    given = parser.parse_args()
    tree = SourceTree(given.tree.resolve())
    measures = [*measured(tree, given.commit)]
    if not given.no_bundle and tree.root == ROOT:
        measures.append(loads())
    show(measures)


def show(measures: Sequence[Measure]) -> None:
    """Print measures as a table, and what is missing to each that is not reached."""
    console = Console(width=110, highlight=False, markup=False)
    console.print(table(measures))
    for one in measures:
        if one.counted and not one.reached:
            console.print(f"\n{one.name}:")
            if one.name in REASONS:
                console.print(f"    why: {REASONS[one.name]}")
            for line in one.counted:
                console.print(f"    {line}", overflow="ellipsis", no_wrap=True)


if __name__ == "__main__":
    main()
