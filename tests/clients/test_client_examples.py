"""The examples of `docs/clients.md` and of the client's docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import interface.client
from application.deliveries.signature import new_secret, signed_headers
from domain.roles import Role
from interface.callers.caller import Caller
from interface.callers.development_key import DevelopmentKey
from tests.clients.generated_client import CLIENT
from tests.clients.test_webhook_message import BODY
from tests.http import pictures
from tests.processes import Process, free_port, serving_environ, wait_until_ready

PAGE = CLIENT.parents[1] / "docs" / "clients.md"
WRITTEN_FOR = "http://127.0.0.1:8000"
FLAGS = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
MODULES = sorted(
    ".".join(path.relative_to(CLIENT).with_suffix("").parts)
    for path in CLIENT.rglob("*.py")
    if path.stem != "__init__"
)

pytestmark = pytest.mark.kill


@pytest.fixture
def _as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client be imported by the name that its wheel has."""
    monkeypatch.setitem(sys.modules, "redress_client", interface.client)
    for name in ("generated", *MODULES):
        module = importlib.import_module(f"interface.client.{name}")
        monkeypatch.setitem(sys.modules, f"redress_client.{name}", module)


@pytest.fixture
def address(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    port, home = free_port(), tmp_path / "home"
    Process(serving_environ(url, home, port), "serve", "--with-worker")
    at = f"http://127.0.0.1:{port}"
    wait_until_ready(at)
    for role in (Role.BUYER, Role.PLATFORM):
        caller = Caller(subject=f"{role[0]}-1", role=role, platform="shop")
        token = DevelopmentKey(home).token(caller, timedelta(hours=1))
        monkeypatch.setenv(role.upper(), token)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "crack.png").write_bytes(pictures.picture("PNG"))
    return at


def webhook() -> dict[str, Any]:
    """Return a message that is signed by two secrets, as while one rotates."""
    new, old = new_secret(), new_secret()
    headers = signed_headers(uuid4(), datetime.now(UTC), BODY, [new, old])
    return {
        "headers": headers,
        "body": BODY,
        "new_secret": new,
        "old_secret": old,
        "secret": new,
    }


def mistakes(text: str, name: str, known: dict[str, Any]) -> str:
    """Run the examples of a text; return what they showed and should not have."""
    test = doctest.DocTestParser().get_doctest(text, known, name, name, 0)
    assert test.examples, f"{name} has no example"
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    runner.run(test, out=said.append, clear_globs=False)
    known |= test.globs
    return "".join(said)


@pytest.mark.usefixtures("_as_installed")
def test_the_page_and_the_docstrings_show_what_happens(address: str) -> None:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    known, wrong = webhook(), ""
    for number, block in enumerate(blocks):
        text = block.replace(WRITTEN_FOR, address).replace("…", "...")
        if "shop.follow" in text:
            # An event gets its position some milliseconds after it was recorded.
            time.sleep(1.0)
        wrong += mistakes(text, f"clients.md {number}", known)
    assert not wrong, wrong
    assert len(blocks) == 9
    for name, text in docstrings():
        wrong += mistakes(text.replace(WRITTEN_FOR, address), name, dict(known))
    known["buyer"].close()
    known["shop"].close()
    assert not wrong, wrong


def docstrings() -> Iterator[tuple[str, str]]:
    """Yield the docstrings of the client that have an example."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [
        (test.name, test.docstring)
        for name in MODULES
        for test in finder.find(importlib.import_module(f"interface.client.{name}"))
        if test.examples and test.docstring
    ]
    assert len(found) >= 4
    yield from found
