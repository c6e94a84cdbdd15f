"""No two jobs of the worker wait for one lock."""

from __future__ import annotations

from application.jobs import locks
from interface.run.worker import Worker


def test_every_job_has_a_lock_of_its_own(background: Worker) -> None:
    held = [job.lock for job in background.led]
    others = [value for value in vars(locks).values() if isinstance(value, int)]
    assert len(set(held)) == len(held) > 10
    assert len(set(others)) == len(others)
    assert set(held) <= set(others)
