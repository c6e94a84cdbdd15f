"""The documentation's commands: they run, and print what the pages show."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from interface.run.embedded_postgres import EmbeddedServer
from tests.docs.markdown import ALL, PAGES, Block, blocks
from tests.docs.terminal import Step, make_command, mistakes, pattern, run, steps
from tests.processes import free_port

RUNS = {"sh", "console"}
WRITTEN_FOR = "127.0.0.1:8000"
OURS = ("REDRESS_", "PG", "DATABASE_URL")

NOT_RUN = {
    "needs Spark": {"lake"},
    "needs the whole font": {"contributing"},
    "writes a whole record; tests/lake does it": {"lake"},
    "writes a whole record; tests/mining does it": {"analysing"},
    "needs a draft; tests/simulation does it": {"analysing"},
    "installs packages from a registry": {"installing"},
    "makes accounts' files below /etc and /var/lib": {"installing"},
    "makes logins and a database": {"installing"},
    "reads the database and the folders of a production installation": {"installing"},
    "starts units of systemd": {"installing"},
    "needs a container engine": {"installing"},
    "no event stands in the way here": {"operating"},
    "there is no wrong import here": {"importing"},
    "these run the tests, this page's too": {"contributing"},
}
"""Why a block is only shown, and on which pages."""


def runnable() -> Iterator[Block]:
    for page in PAGES:
        for block in blocks(page):
            if block.language in RUNS and "not-run" not in block.attributes:
                yield block


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not pytest's own: a socket of PostgreSQL has a path of 107 bytes at most.
    one = Path(tempfile.mkdtemp(prefix="redress-docs-"))
    # As root the embedded server runs as another user, who has to get there.
    one.chmod(0o755)
    yield one
    shutil.rmtree(one, ignore_errors=True)


@pytest.fixture
def environ(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of a fresh installation, with PostgreSQL's own programs."""
    (folder / "bin").mkdir()
    make_command(folder / "bin")
    cluster = EmbeddedServer(folder / ".redress" / "db")
    cluster.start()
    others = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
    yield others | {
        "PATH": f"{folder / 'bin'}:{cluster.programs}:{os.environ['PATH']}",
        "REDRESS_PORT": str(free_port()),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "no_proxy": "127.0.0.1",
        "COLUMNS": "88",
    }
    cluster.stop()


@pytest.mark.kill
def test_the_commands_print_what_the_pages_show(
    folder: Path, environ: dict[str, str]
) -> None:
    here = f"127.0.0.1:{environ['REDRESS_PORT']}"
    asked = [
        replace(
            one,
            command=one.command.replace(WRITTEN_FOR, here),
            expected=one.expected and one.expected.replace(WRITTEN_FOR, here),
        )
        for block in runnable()
        for one in steps(block)
    ]
    found = list(mistakes(list(run(asked, folder, environ))))
    assert not found, "\n\n".join(found)


def test_what_is_not_run_says_why() -> None:
    reasons = defaultdict(set)
    for page in PAGES:
        for block in blocks(page):
            if "not-run" in block.attributes:
                reasons[block.attributes["not-run"]].add(page.stem)
    assert reasons == NOT_RUN


def test_blocks_are_of_a_known_kind() -> None:
    for page in ALL:
        for block in blocks(page):
            assert block.language, f"{block.place}: say its language"
            known = {"background", "not-run"}
            if "recipe" in block.attributes:
                known = {"recipe", "file", "encoding", "then", "set"}
            assert block.attributes.keys() <= known, block.place


def test_shown_output_stands_for_what_differs() -> None:
    shown = pattern("case … is closed\n…\nend…\n")
    assert shown.fullmatch("case 7f is closed\nend\n")
    assert shown.fullmatch("case 7f is closed\none\ntwo\nend of it\n")
    assert not shown.fullmatch("case 7f is closed now\nend\n")
    assert not shown.fullmatch("case 7f\nis closed\nend\n")
    assert not shown.fullmatch("case 7f is closed\nend\nmore\n")


def test_a_console_block_is_taken_apart_by_its_prompts() -> None:
    text = "$ one \\\n> two\nsaid\n> said too\n$ three\n"
    block = Block(page=PAGES[0], line=1, language="console", attributes={}, text=text)
    assert list(steps(block)) == [
        Step(block=block, command="one \\\ntwo\n", expected="said\n> said too\n"),
        Step(block=block, command="three\n", expected=""),
    ]
