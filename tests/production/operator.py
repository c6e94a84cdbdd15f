"""What an operator does with an installation, by the command line alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from tests.processes import free_port, wait_until_ready

OURS = ("REDRESS_", "DATABASE_URL", "PG")


class Operator(Struct):
    """The folders of an installation, and an environment without any setting."""

    root: Path
    port: int

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(OURS)}
        return kept | {"REDRESS_PORT": str(self.port), "no_proxy": "127.0.0.1"}

    def env_file(self, name: str) -> Path:
        return self.root / "etc" / name

    def command(self, *arguments: str, files: tuple[str, ...] = ()) -> list[str]:
        named = (word for one in files for word in ("--env-file", self.env_file(one)))
        return [sys.executable, "-m", "interface", *map(str, named), *arguments]

    def run(
        self, *arguments: str, files: tuple[str, ...] = ("redress.env",), code: int = 0
    ) -> str:
        """Run a command to its end; return all that it said."""
        done = subprocess.run(
            self.command(*arguments, files=files),
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        return said

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the three processes, in the order that `redress init` says."""
        started = []
        try:
            for name, file in (
                ("sign", "sign.env"),
                ("work", "redress.env"),
                ("serve", "redress.env"),
            ):
                with (self.root / f"{name}.log").open("ab") as log:
                    one = subprocess.Popen(
                        self.command(name, files=(file,)),
                        env=self.environ,
                        stdout=log,
                        stderr=log,
                    )
                started.append(one)
            wait_until_ready(self.api)
            yield
            for one in started:
                one.terminate()
            assert [one.wait(timeout=30) for one in started] == [0, 0, 0]
        finally:
            for one in started:
                one.kill()
                one.wait()

    def log(self, name: str) -> str:
        return (self.root / f"{name}.log").read_text("utf-8")


def new_operator(root: Path) -> Operator:
    root.mkdir(parents=True, exist_ok=True)
    return Operator(root, free_port())
