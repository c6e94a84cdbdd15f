"""Look the packages of a lock file up in the database of known vulnerabilities.

Exit status 1: there is one, and its line says in what. A package that cannot be looked
up is no finding: without a network, or with a mirror that has no such data, one line
says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SECONDS = 300
"""How long looking up one lock file may take."""


def main(lock: str) -> int:
    """Print what is known of the packages of a lock file."""
    command = [
        str(Path(sys.executable).with_name("pip-audit")),
        *("--require-hashes", "--disable-pip", "--progress-spinner", "off"),
        *("--format", "json", "--requirement", lock),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - a program of this environment, and a file
            command, capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        print(f"audit skipped: {lock}: no answer within {SECONDS} seconds")
        return 0
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        print(f"audit skipped: {lock}: {reason}")
        return 0
    known = [one for one in packages if "skip_reason" not in one]
    found = [(one, fault) for one in known for fault in one["vulns"]]
    for one, fault in found:
        fixed = ", ".join(fault["fix_versions"]) or "no version"
        print(f"{one['name']} {one['version']}: {fault['id']}, mended in {fixed}")
    skipped = len(packages) - len(known)
    if skipped:
        print(f"audit skipped: {lock}: nothing can be looked up of {skipped} packages")
    print(f"audit: {lock}: {len(known)} packages, {len(found)} vulnerabilities")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(max(main(lock) for lock in sys.argv[1:]))
