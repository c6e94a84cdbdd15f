"""What `redress verify` prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import psycopg

from application.log.fsck.finding import Finding
from tests.log.owner_edits import owner_without_triggers
from tests.log.signed_record import LONG, SignedRecord, set_state
from tests.log.verify_process import run


def test_the_command_line_tells_and_fails(record: SignedRecord, tmp_path: Path) -> None:
    environ = {
        "DATABASE_URL": record.log.url,
        "REDRESS_HOME": str(tmp_path),
        "REDRESS_LOG_KEY": str(tmp_path / "log.json"),
        "REDRESS_LOG_STATE": str(record.signer.path),
    }
    done = run(**environ)
    assert (done.returncode, done.stdout[:6]) == (0, "intact"), done.stderr
    told = json.loads(run("--json", **environ).stdout)
    assert (told["intact"], told["events"]) == (True, 16 * LONG)
    assert run(str(record.cases[0]), **environ).returncode == 0
    case, version, _ = record.at(40)
    with psycopg.connect(record.log.url) as owner:
        owner.execute("ALTER TABLE redress.ledger DISABLE TRIGGER ALL")
    assert run(**environ).returncode == 5
    with owner_without_triggers(record.log.url) as owner:
        set_state(owner, case, version, b"{}")
    done = run(**environ)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"bytes: case {case}, version {version}, position 40" in done.stdout
    told = json.loads(run("--json", str(case), **environ).stdout)
    assert msgspec.convert(told["finding"], Finding).case == case
    with psycopg.connect(record.log.url) as owner:
        owner.execute("ALTER TABLE redress.ledger DISABLE TRIGGER ALL")
    left_off = run(**environ)
    assert left_off.returncode == 1
    assert f"bytes: case {case}, version {version}, position 40" in left_off.stdout
    assert "schema redress was changed by hand: trigger" in left_off.stderr
    missing = run(**environ | {"REDRESS_LOG_KEY": str(tmp_path / "none")})
    assert missing.returncode == 2
    assert "REDRESS_LOG_POLICY: has to be set" in missing.stderr
    (tmp_path / "log.json").write_bytes(b"{}")
    wrong = run("--json", **environ)
    assert wrong.returncode == 2
    assert json.loads(wrong.stdout)["status"] == "not-checked"
    assert "log.json" in wrong.stderr
