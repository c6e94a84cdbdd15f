"""The product's Python files, read once: what stands in them, by layer."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAYERS = ("domain", "application", "projections", "interface")
STARTS = {"__init__", "__main__"}
"""Files that every package may have; they are called so by Python."""
CLIENT = Path("interface/client")
"""A package that others install without the rest, under another name."""
GENERATED = CLIENT / "generated"
"""Nobody writes these files, and `tests/clients` holds them to their document."""
_PRAGMA = re.compile(r"#\s*(noqa|type:|pragma|fmt:|ruff|mypy)|#!")


class SourceFile:
    """One Python file of the product."""

    def __init__(self, root: Path, path: Path) -> None:
        self.path = path.relative_to(root)
        self.text = path.read_text("utf-8")

    def __str__(self) -> str:
        return str(self.path)

    @property
    def layer(self) -> str:
        return self.path.parts[0]

    @property
    def stem(self) -> str:
        return self.path.stem

    @cached_property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        nodes = ast.walk(self.tree)
        return {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Return every name in it: defined, imported, used, or told as a string."""
        return frozenset(_identifiers(self.tree))

    @cached_property
    def comments(self) -> int:
        """Count comments, but for pragmas; lines that follow one another are one."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        lines = {
            token.start[0]
            for token in tokens
            if token.type == tokenize.COMMENT and not _PRAGMA.match(token.string)
        }
        return sum(line - 1 not in lines for line in lines)

    @cached_property
    def code_lines(self) -> int:
        """Count lines that are neither blank, nor a comment, nor of a docstring."""
        told = {
            number
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            for number in range(node.lineno, (node.end_lineno or 0) + 1)
        }
        lines = enumerate(self.text.splitlines(), 1)
        return sum(
            bool(line.strip()) and not line.lstrip().startswith("#")
            for number, line in lines
            if number not in told
        )


class SourceTree:
    """All Python files of a tree's layers."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.files = tuple(
            SourceFile(root, path)
            for layer in LAYERS
            for path in sorted((root / layer).rglob("*.py"))
            if GENERATED not in path.relative_to(root).parents
        )

    def of(self, layer: str) -> tuple[SourceFile, ...]:
        return tuple(file for file in self.files if file.layer == layer)

    @cached_property
    def classes(self) -> dict[str, tuple[SourceFile, ast.ClassDef]]:
        """Return classes by name; of two of one name, the one that comes first."""
        found: dict[str, tuple[SourceFile, ast.ClassDef]] = {}
        for file in self.files:
            for name, node in file.classes.items():
                found.setdefault(name, (file, node))
        return found

    def bases(self, name: str) -> Iterator[str]:
        """Yield the names of a class's ancestors that are classes of the tree."""
        if name in self.classes:
            for base in self.classes[name][1].bases:
                parent = ast.unparse(base).partition("[")[0].rpartition(".")[2]
                if parent != name:
                    yield parent
                    yield from self.bases(parent)

    def fields(self, name: str) -> frozenset[str]:
        """Return the annotated fields of a class, its ancestors' too."""
        own = {name, *self.bases(name)} & self.classes.keys()
        return frozenset(
            statement.target.id
            for one in own
            for statement in self.classes[one][1].body
            if isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
        )


PRODUCT = SourceTree()
"""The tree that this file stands in; each of its files is parsed once."""


def _identifiers(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.alias(name=name, asname=alias):
                yield name.rpartition(".")[2]
                if alias:
                    yield alias
            case ast.Constant(value=str() as text) if text.isidentifier():
                yield text
