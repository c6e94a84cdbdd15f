"""The pages: in reading order, linked, and true about files, settings and commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from interface.api.app import make_app
from interface.cli.main import redress
from interface.settings.settings import documented
from tests.docs.markdown import (
    ALL,
    PAGES,
    README,
    ROOT,
    anchors,
    blocks,
    links,
    prose,
    spans,
)
from tests.docs.terminal import steps

LONGEST_README = 160
OPERATING = ROOT / "docs/operating.md"
ROOMS = "application|docs|domain|interface|projections|tests"
PLACE = re.compile(rf"(?:{ROOMS})(?:/[\w.*-]+)+/?")
COMMAND = re.compile(r"\bredress((?: [a-z]+(?=[ `\n)]|$))+)")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
HTTP_PATH = re.compile(r"(?:/v1|/health|/metrics|…)(?:/[\w{}-]+)*")
LINK_TEXT = re.compile(r"\[([^\]]+)\]\([^)]+\)")
OURS = ("/v1", "/health", "/metrics")
ELIDED = "…"

each_page = pytest.mark.parametrize("page", ALL, ids=lambda page: page.stem)


def test_the_readme_is_short_and_leads_to_every_page_in_order() -> None:
    assert len(README.read_text("utf-8").splitlines()) <= LONGEST_README
    named = [one for one in links(README) if one.startswith("docs/") and ".md" in one]
    assert named == [str(page.relative_to(ROOT)) for page in PAGES]
    assert {*ROOT.glob("docs/*.md")} == {*PAGES}


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert "://" in link or target.exists(), link
        assert not anchor or anchor in anchors(target), link


@each_page
def test_files_that_are_named_exist(page: Path) -> None:
    for span in spans(page):
        if PLACE.fullmatch(span):
            assert any(ROOT.glob(span.rstrip("/"))), span


def test_the_table_of_settings_says_what_the_code_says() -> None:
    text = LINK_TEXT.sub(r"\1", prose(OPERATING))
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*) \|$", text, re.MULTILINE)
    said = [(name, default or "none", words) for name, default, words in documented()]
    assert sorted(rows) == sorted(said)


@each_page
def test_settings_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"\bREDRESS_[A-Z_]+\b", page.read_text("utf-8"))
    assert {*named} <= {name for name, _, _ in documented()}


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command of the command line, by its whole name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        # As a call does it: a group may know no more of a command before than its name.
        _, one, _ = group.resolve_command(context, [name])
        assert one is not None
        if isinstance(one, click.Group):
            if one.invoke_without_command:
                yield " ".join((*path, name)), one
            yield from commands(one, *path, name)
        else:
            # What a group does by itself is called by the group's name.
            is_default = name == getattr(group, "default", None)
            yield " ".join(path if is_default else (*path, name)), one


@cache
def options() -> dict[str, set[str]]:
    """Return the options of every command."""
    return {
        name: {
            option
            for parameter in one.params
            for option in (*parameter.opts, *parameter.secondary_opts)
        }
        for name, one in commands(redress)
    }


def invoked(text: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the commands that a line calls, each with its options."""
    for found in COMMAND.finditer(text):
        words = found[1].split()
        begun = (" ".join(words[: n + 1]) for n in reversed(range(len(words))))
        name = next((one for one in begun if one in options()), words[0])
        rest = text[found.start() :].partition(name)[2]
        yield name, {*OPTION.findall(rest)}


def lines_of_shell(page: Path) -> Iterator[str]:
    """Yield what a page shows of the command line: in sentences and in blocks."""
    yield from spans(page)
    for block in blocks(page):
        if block.language in {"sh", "console"}:
            for step in steps(block):
                yield from step.command.replace("\\\n", " ").splitlines()


def test_every_command_is_in_the_table() -> None:
    _, _, section = prose(OPERATING).partition("## The command line")
    rows = re.findall(r"^\| `redress ([a-z -]+)` \|", section, re.MULTILINE)
    assert sorted(rows) == sorted(options())


@each_page
def test_commands_and_options_that_are_named_exist(page: Path) -> None:
    for line in lines_of_shell(page):
        for name, asked in invoked(line):
            assert name in options(), line
            assert asked <= options()[name] | {"--help"}, line


@each_page
def test_options_that_are_named_alone_exist(page: Path) -> None:
    verifier = (ROOT / "interface/verifier/redress_verify.py").read_text("utf-8")
    known = {*re.findall(r'"(--[a-z-]+)"', verifier)}.union(*options().values())
    named = {span.split()[0] for span in spans(page) if span.startswith("--")}
    assert named <= known


@each_page
def test_make_targets_that_are_named_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for line in lines_of_shell(page):
        if line.startswith("make "):
            target = re.escape(line.split()[1])
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), line


def plain(path: str) -> str:
    """Return a path whose parameters have no names."""
    return re.sub(r"\{\w+\}", "{}", path)


@cache
def routes() -> frozenset[str]:
    """Return every path of the API, its parameters without names."""
    paths = make_app(is_development=True).openapi_schema.paths or {}
    return frozenset(plain(path) for path in paths if path.startswith(OURS))


def paths_in(page: Path) -> set[str]:
    """Return the paths that a page names; "…" stands for a beginning named before."""
    named = (found[0] for span in spans(page) for found in HTTP_PATH.finditer(span))
    return {plain(path) for path in named if path != ELIDED}


@each_page
def test_paths_that_are_named_exist(page: Path) -> None:
    for path in paths_in(page):
        end, beginning = path.removeprefix(ELIDED), f"{path}/"
        assert any(
            one.endswith(end)
            if path.startswith(ELIDED)
            else f"{one}/".startswith(beginning)
            for one in routes()
        ), path


def test_every_path_is_named_on_some_page() -> None:
    named = set().union(*map(paths_in, PAGES))
    full = {path.replace(f"{ELIDED}/", "/v1/disputes/{}/") for path in named}
    assert routes() <= full
