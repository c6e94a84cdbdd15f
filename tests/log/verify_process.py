"""`redress verify` in a process of its own."""

from __future__ import annotations

import subprocess

from tests import loaded_program


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    path = {"PATH": "/usr/bin:/bin"}
    return loaded_program.run("verify", *arguments, env=path | environ)
