"""A witness that is killed at any step, or whose disk is full, never goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from litestar.testing import TestClient

from application.log.sign import last_signed
from application.log.sign.key_file import KeyFile
from application.log.sign.last_signed import StateFile
from application.log.witness import witness as witness_module
from application.log.witness.log_follower import LogFollower
from application.log.witness.trust_policy import parse_policy
from interface.run.witness_app import create_witness_app
from tests.http.test_full_disk import small_disk
from tests.log.witness_fixture import WitnessFixture, body, declined, signed
from tests.simulated_kill import Killed

STEPS: tuple[tuple[Any, str], ...] = (
    (witness_module, "parse_submission"),
    (witness_module, "seals"),
    (StateFile, "read"),
    (witness_module, "verify_consistency"),
    (KeyFile, "signatures"),
    (StateFile, "write"),
    (last_signed, "rewrite"),
)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("place", "step"), STEPS, ids=str)
def test_killed_before_or_after_any_step_it_never_goes_back(
    witness: WitnessFixture,
    monkeypatch: pytest.MonkeyPatch,
    place: Any,
    step: str,
    *,
    after: bool,
) -> None:
    witness.add(body(0, 7))
    real: Callable[..., Any] = getattr(place, step)

    def killed(*arguments: Any, **named: Any) -> Any:
        if after:
            real(*arguments, **named)
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(place, step, killed)
        witness.add(body(7, 12))
    size = witness.size
    assert size in {7, 12}
    if size == 12:
        assert declined(witness, body(7, 12)) == (409, "12\n")
    assert witness.add(body(size, 20))
    fork = body(20, 30, signed(30, root=bytes(32)))
    assert declined(witness, fork)[0] == 422


def test_on_a_full_disk_it_cosigns_nothing_and_says_so(
    witness: WitnessFixture, caplog: pytest.LogCaptureFixture
) -> None:
    with small_disk(1) as folder:
        witness.folder = folder
        witness.add(body(0, 7))
        filler = folder / "filler"
        with (
            filler.open("wb", buffering=0) as out,
            pytest.raises(OSError, match="space"),
        ):
            while True:
                out.write(bytes(4_096))
        one = witness.start()
        app = create_witness_app(one, LogFollower(one, parse_policy(b"quorum none")))
        with TestClient[Any](app) as http:
            answer = http.post("/add-checkpoint", content=body(7, 9))
            assert answer.status_code == 503
            assert answer.text == "nothing was cosigned\n"
            assert "No space" in caplog.text
            assert witness.size == 7
            filler.unlink()
            answer = http.post("/add-checkpoint", content=body(7, 9))
            assert answer.status_code == 200
        assert witness.size == 9
