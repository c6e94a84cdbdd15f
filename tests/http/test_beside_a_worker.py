"""Every command answers while a server, its worker and its signer are at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.http.conftest import FILING
from tests.installation import Installation, installed

__all__ = ["installed"]

pytestmark = pytest.mark.kill


def test_no_command_waits_for_the_worker(
    installed: Installation, tmp_path: Path
) -> None:
    order = FILING["order"] | {"received_at": None}
    filed = installed.post("/v1/disputes", FILING | {"order": order})
    assert filed.status_code == 201
    case, bundle = str(filed.json()["id"]), str(tmp_path / "case.zip")
    for arguments in (
        ("migrate",),
        ("replay", case),
        ("difference", case, "--from", "1", "--to", "1"),
        ("report", "2026"),
        ("verify",),
        ("bundle", case, "--out", bundle),
        ("rebuild", "queue"),
        ("doctor",),
    ):
        answer = installed.redress(*arguments)
        assert answer.returncode == 0, (arguments, answer.stdout, answer.stderr)
