"""A terminal for the documentation's commands: one bash session, step by step.

Every step is a file that the session sources, so that variables live on from step to
step, and a syntax error ends no more than its own step.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from tests.docs.markdown import ROOT, Block

PROMPT, CONTINUED = "$ ", "> "
ANYTHING = "…"
PATIENCE_SECONDS = 300
BAR = re.compile(r".*━ +(?:\d+/\d+|\d+%) .*")
"""Progress bars are drawn on the error stream; a page shows what stays."""

DRIVER = """
status=0 started=()
trap 'kill "${started[@]}" 2>/dev/null; wait' EXIT
step() {
    (exit "$status")
    . "$1" >"$1.out" 2>&1 </dev/null
    status=$?
    printf '%s' "$status" >"$1.status"
}
start() {
    (. "$1") >"$1.out" 2>&1 </dev/null &
    started+=("$!")
    for _ in {1..600}; do
        if [ -s "$1.out" ] || ! kill -0 "$!" 2>/dev/null; then break; fi
        sleep 0.1
    done
    kill -0 "$!" 2>/dev/null
    printf '%s' "$?" >"$1.status"
    cp "$1.out" "$1.begun"
}
"""


class Step(Struct, frozen=True, kw_only=True):
    """One command, or a block of them. `expected` None: its output is not shown."""

    block: Block
    command: str
    expected: str | None

    @property
    def is_background(self) -> bool:
        return "background" in self.block.attributes

    @property
    def asks_for_status(self) -> bool:
        return self.command.strip() == "echo $?"


class Done(Struct, frozen=True, kw_only=True):
    """What came of a step; `status` None if it was never reached."""

    step: Step
    output: str
    status: int | None


def steps(block: Block) -> Iterator[Step]:
    """Take a block apart: `console` by its prompts, `sh` is one step."""
    if block.language == "sh":
        yield Step(block=block, command=block.text, expected=None)
        return
    command, output = "", ""
    for line in [*block.text.splitlines(keepends=True), PROMPT]:
        if line.startswith(PROMPT):
            if command:
                yield Step(block=block, command=command, expected=output)
            command, output = line.removeprefix(PROMPT), ""
        elif line.startswith(CONTINUED) and not output:
            command += line.removeprefix(CONTINUED)
        else:
            output += line


def run(
    asked: Sequence[Step], folder: Path, environ: Mapping[str, str]
) -> Iterator[Done]:
    """Run steps in order, in one session that works in a folder."""
    (folder / "steps").mkdir()
    paths = [folder / "steps" / f"{number:03}" for number in range(len(asked))]
    lines = []
    for path, one in zip(paths, asked, strict=True):
        # A background step's process takes the place of its shell, so that the signal
        # at the end reaches it.
        path.write_text(f"exec {one.command}" if one.is_background else one.command)
        lines.append(f"{'start' if one.is_background else 'step'} '{path}'\n")
    _session(DRIVER + "".join(lines), folder, environ)
    for path, one in zip(paths, asked, strict=True):
        status = path.with_suffix(".status")
        output = path.with_suffix(".begun" if one.is_background else ".out")
        is_over = status.exists()
        yield Done(
            step=one,
            output=output.read_text("utf-8") if is_over else "",
            status=int(status.read_text()) if is_over else None,
        )


def _session(script: str, folder: Path, environ: Mapping[str, str]) -> None:
    with subprocess.Popen(
        ["bash", "-c", script], cwd=folder, env=environ, start_new_session=True
    ) as session:
        try:
            session.wait(PATIENCE_SECONDS)
        finally:
            if session.poll() is None:
                os.killpg(session.pid, signal.SIGTERM)


def make_command(folder: Path) -> None:
    """Put `redress` into a folder, as a command that runs this working tree."""
    path = folder / "redress"
    path.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m interface "$@"\n'
    )
    path.chmod(0o755)


def mistakes(done: Sequence[Done]) -> Iterator[str]:
    """Name the steps that failed, or printed something else than their page shows.

    A command may fail where the next one asks for its exit status.
    """
    for number, one in enumerate(done):
        following = done[number + 1].step if number + 1 < len(done) else None
        may_fail = following is not None and following.asks_for_status
        if said := _mistake(one, may_fail=may_fail):
            place = one.step.block.place
            yield f"{place}: {one.step.command.splitlines()[0]}\n{said}"


def _mistake(done: Done, *, may_fail: bool) -> str | None:
    if done.status is None:
        return "was not reached"
    seen = _seen(done.output)
    if done.status != 0 and not may_fail:
        return f"exit status {done.status}:\n{seen}"
    expected = done.step.expected
    if expected is not None and not pattern(expected).fullmatch(seen):
        return f"the page shows:\n{expected}it printed:\n{seen}"
    return None


def _seen(output: str) -> str:
    lines = (line.rstrip() for line in output.splitlines() if not BAR.fullmatch(line))
    return "".join(f"{line}\n" for line in lines)


def pattern(shown: str) -> re.Pattern[str]:
    """Return what a page's output stands for: `…` for what differs from run to run.

    On a line of its own it stands for any lines, also for none.
    """
    parts = (
        "(?:.*\n)*?"
        if line.strip() == ANYTHING
        else ".*?".join(map(re.escape, line.rstrip().split(ANYTHING))) + "\n"
        for line in shown.splitlines()
    )
    return re.compile("".join(parts))
