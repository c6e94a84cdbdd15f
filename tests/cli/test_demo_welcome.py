"""What the demo says to do can be done, and shows something."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from interface.demo.published_figures import CUTS
from interface.demo.witness_pair import NAMES
from tests.processes import PATIENCE, adopted, free_port, http_client, wait_until_ready

ENGLISH = {"Accept-Language": "en"}
CASES = 25
LONGEST = 100
LOOKS = 2
"""Lines that the demo says of itself once it has looked at what it serves."""


@pytest.fixture
def said(url: str, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Run the demo; yield what it says, and what of that goes to the error stream."""
    port = free_port()
    out, err = tmp_path / "out", tmp_path / "err"
    with out.open("wb") as to, err.open("wb") as errors:
        process = adopted(
            subprocess.Popen(
                [sys.executable, "-m", "interface", "demo", "--cases", str(CASES)],
                env=os.environ
                | {
                    "DATABASE_URL": url,
                    "REDRESS_HOME": str(tmp_path / "home"),
                    "REDRESS_PORT": str(port),
                },
                stdout=to,
                stderr=errors,
            )
        )
    wait_until_ready(f"http://127.0.0.1:{port}")
    until = time.monotonic() + PATIENCE
    while out.read_text("utf-8").count("redress-client:") < LOOKS:
        assert time.monotonic() < until, out.read_text("utf-8")
        time.sleep(0.05)
    yield out.read_text("utf-8"), err.read_text("utf-8")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0


@pytest.mark.kill
@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl here")
def test_what_the_demo_says_to_try_shows_something(said: tuple[str, str]) -> None:
    told, steps = said
    assert [line[:5] for line in steps.splitlines() if line.startswith("[")] == [
        "[1/3]",
        "[2/3]",
        "[3/3]",
    ]
    (tokens,) = [one.strip() for one in told.splitlines() if one.startswith("    . ")]
    assert max(map(len, told.replace(tokens, "").splitlines())) <= LONGEST
    commands = [part.partition("\n\n")[0] for part in told.split("   curl")[1:]]
    shown = [
        subprocess.run(
            ["bash", "-c", f"{tokens}\ncurl{one}"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for one in commands
    ]
    queue, ruling, figures = shown
    assert 1 <= len(json.loads(queue)["items"]) <= 3
    chinese, english, _ = ruling.split("\n\n", 2)
    assert "依据《" in chinese
    assert "This rests on Article" in english
    assert {len(row) for row in csv.reader(figures.splitlines())} != {1}
    # On many lines, and not as escapes: to be read by a person.
    assert queue.count("\n") > 20
    assert "\\u" not in queue


@pytest.mark.kill
def test_the_demo_looks_at_what_it_serves_by_its_own_client(
    said: tuple[str, str],
) -> None:
    told, _ = said
    looks = [one for one in told.splitlines() if one.startswith("redress-client:")]
    first, second = looks
    assert re.fullmatch(
        rf"redress-client: {CASES} cases, \d+ of them live; \d+ wait for .*", first
    )
    assert re.search(r"was ruled on, told by [1-9]\d+ events$", second)
    # And its pages for everyone have figures to show.
    (home,) = re.findall(r"^Pages +(\S+)/ ", told, re.MULTILINE)
    with http_client() as anybody:
        published = anybody.get(f"{home}/v1/transparency/published").json()["items"]
        assert len({one["name"] for one in published}) == len(CUTS)
        assert published[0]["name"] in anybody.get(f"{home}/figures?lang=en").text
    (case,) = re.findall(r"(\S+) was ruled on", second)
    check_witnesses(home, case)


def check_witnesses(home: str, case: str) -> None:
    """The log page names both witnesses; the record says so of each fact."""
    until = time.monotonic() + PATIENCE
    with http_client() as auditor:
        while True:
            log = auditor.get(f"{home}/log?lang=en").text
            if all(name in log for name in NAMES):
                break
            assert time.monotonic() < until, log
            time.sleep(0.1)
        send(auditor, home, "/sign-in", role="auditor", subject="a-1", next="/")
        story = f"/record/cases/{case}"
        page = send(auditor, home, story, purpose="a look at the demo", next=story)
    badges = re.findall(r"co-signed \d of \d", page)
    assert set(badges) == {"co-signed 2 of 2"}
    assert len(badges) > 5


def send(person: httpx.Client, home: str, path: str, **typed: str) -> str:
    """Send the form of a page that has a field; return the page after it."""
    page = person.get(f"{home}{path}", headers=ENGLISH, follow_redirects=True).text
    forms = re.findall(r'<form[^>]* action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    action, inner = next(
        one for one in forms if f'name="{next(iter(typed))}"' in one[1]
    )
    (token,) = re.findall(r'name="form_token" value="([^"]+)"', inner)
    sent = {"form_token": token, **typed}
    headers = ENGLISH | {"Origin": home}
    where = f"{home}{action}"
    return person.post(where, data=sent, headers=headers, follow_redirects=True).text
