"""A signer that is killed at any step, or whose disk is full, goes on afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from psycopg import Connection
from psycopg.rows import TupleRow

from application.log.build.batches import tip
from application.log.sign import last_signed
from application.log.sign import signer as signer_module
from application.log.sign.key_file import KeyFile
from application.log.sign.last_signed import StateFile
from tests.http.test_full_disk import small_disk
from tests.log.log_fixture import LogFixture
from tests.log.signer_fixture import SignerFixture, problem, signed
from tests.simulated_kill import Killed

STEPS: tuple[tuple[Any, str], ...] = (
    (signer_module, "publish_keys"),
    (signer_module, "latest"),
    (signer_module, "tip"),
    (signer_module, "check_goes_on"),
    (KeyFile, "signatures"),
    (StateFile, "write"),
    (last_signed, "rewrite"),
    (signer_module, "batch_of_size"),
    (signer_module, "publish"),
    (signer_module, "report"),
)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("place", "step"), STEPS, ids=str)
def test_killed_before_or_after_any_step_it_goes_on_as_if_nothing_had_been(
    log: LogFixture,
    signer: SignerFixture,
    app: Connection[TupleRow],
    monkeypatch: pytest.MonkeyPatch,
    place: Any,
    step: str,
    after: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    log.tell()
    log.build()
    signer.sign()
    before = signed(app, signer.keys)
    log.tell()
    log.build()
    real: Callable[..., Any] = getattr(place, step)

    def killed(*arguments: Any, **named: Any) -> Any:
        if after:
            real(*arguments, **named)
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(place, step, killed)
        signer.sign()
        # In a first start nothing asks what is published.
        signer.path.unlink()
        signer.sign()
    assert signed(app, signer.keys).size >= before.size
    if not signer.path.exists():
        signer.sign(adopt=True)
    signer.sign()
    log.tell()
    log.build()
    assert signer.sign() == 1
    assert signed(app, signer.keys).size == tip(app).size


def test_on_a_full_disk_nothing_is_signed_and_with_room_it_goes_on(
    log: LogFixture, signer: SignerFixture, app: Connection[TupleRow]
) -> None:
    log.tell()
    log.build()
    with small_disk(1) as folder:
        signer.path = folder / "signed.json"
        assert signer.sign() == 1
        first = signed(app, signer.keys)
        filler = folder / "filler"
        with (
            filler.open("wb", buffering=0) as out,
            pytest.raises(OSError, match="No space"),
        ):
            while True:
                out.write(bytes(4_096))
        log.tell()
        log.build()
        with pytest.raises(OSError, match="No space"):
            signer.sign()
        assert "No space" in problem(app)
        assert signed(app, signer.keys) == first
        assert StateFile(signer.path).read() is not None
        filler.unlink()
        assert signer.sign() == 1
        assert signed(app, signer.keys).size == tip(app).size
