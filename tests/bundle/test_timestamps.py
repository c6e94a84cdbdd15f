"""Time stamps: asked for once, checked, and never taken for what they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace

from application.bundle.timestamps import NotStamped, ask_authority
from interface.bootstrap import System
from interface.verifier.redress_verify import Asked, Report, check, parse_certificate
from tests.bundle.bundle_archive import forged, taken
from tests.bundle.conftest import states
from tests.bundle.made_bundle import make
from tests.bundle.timestamp_authority import OPENSSL, TimestampAuthority, stamping
from tests.log.http_servers import serving

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not here")


@pytest.fixture
def authority(tmp_path: Path) -> TimestampAuthority:
    return TimestampAuthority(tmp_path / "tsa")


@pytest.fixture
def stamped(system: System, authority: TimestampAuthority) -> Iterator[System]:
    with stamping(authority) as url:
        log = replace(system.settings.log, tsa=url)
        yield replace(system, settings=replace(system.settings, log=log))


def test_a_checkpoint_is_stamped_once(
    stamped: System, case: UUID, asked: Asked, authority: TimestampAuthority
) -> None:
    one, other = (make(stamped, case).content for _ in range(2))
    assert one == other
    assert authority.asked == 1
    members = taken(one)
    authority.verify(members["checkpoint.txt"], members["timestamp.tsr"])
    unasked = check(one, asked)
    assert "not verified" in timed(unasked)
    assert "20" not in timed(unasked)
    assert (states(unasked)["timed"], unasked.verdict) == ("none", "valid")
    report = check(one, trusting(asked, authority))
    assert report.verdict == "valid"
    assert timed(report).startswith("by the time stamp: not after 20")


def test_a_stamp_of_somebody_else_or_something_else_is_named(
    stamped: System,
    case: UUID,
    asked: Asked,
    authority: TimestampAuthority,
    tmp_path: Path,
) -> None:
    members = taken(make(stamped, case).content)
    stranger = TimestampAuthority(tmp_path / "stranger")

    def verdict(**changes: bytes) -> str:
        content = forged(members | {"timestamp.tsr": changes["stamp"]})
        return check(content, trusting(asked, authority)).verdict

    with stamping(stranger) as url:
        theirs = ask_authority(url, members["checkpoint.txt"])
        elsewhere = ask_authority(url, b"something else")
    good = members["timestamp.tsr"]
    assert verdict(stamp=theirs) == "timestamp-wrong"
    assert verdict(stamp=elsewhere) == "timestamp-elsewhere"
    assert verdict(stamp=b"") == "timestamp-malformed"
    assert verdict(stamp=good[:-1]) == "timestamp-malformed"
    assert verdict(stamp=good + b"\0") == "timestamp-malformed"
    for place in range(0, len(good), 7):
        bit = bytes([good[place] ^ 1])
        altered = verdict(stamp=good[:place] + bit + good[place + 1 :])
        # That it was granted "with modifications" (1) changes nothing of what it says.
        is_status = place == good.index(b"\x02\x01\0") + 2
        assert altered.startswith("timestamp") or altered == "time-order" or is_status
    info = good.index(members_time(good))
    later = good[: info + 3] + b"7" + good[info + 4 :]
    assert verdict(stamp=later) == "timestamp-wrong"


def members_time(response: bytes) -> bytes:
    """Return the year with which the time of a stamp begins."""
    year = str(datetime.now(UTC).year).encode()
    assert year in response
    return b"\x18\x0f" + year


def test_a_stamp_older_than_what_it_stamps_is_out_of_order(
    stamped: System, case: UUID, asked: Asked, authority: TimestampAuthority
) -> None:
    members = taken(make(stamped, case).content)
    year = str(datetime.now(UTC).year).encode()
    place = members["timestamp.tsr"].index(b"\x18\x0f" + year) + 2
    early = members["timestamp.tsr"]
    early = early[:place] + b"2020" + early[place + 4 :]
    report = check(forged(members | {"timestamp.tsr": early}), asked)
    assert states(report)["timed"] == "time-order"
    assert report.verdict == "time-order"
    assert authority.asked == 1


Answer = Callable[[bytes], tuple[int, bytes]]
NONSENSE: list[tuple[Answer, str]] = [
    (lambda _: (500, b"no"), "answered 500"),
    (lambda _: (200, b""), "no time stamp response"),
    (lambda _: (200, b"<html>"), "no time stamp response"),
    (lambda query: (200, query), "no time stamp response"),
]


@pytest.mark.parametrize(("answer", "said"), NONSENSE)
def test_an_authority_that_answers_nonsense_is_named(answer: Answer, said: str) -> None:
    with (
        serving(lambda _, __, body: answer(body)) as url,
        pytest.raises(NotStamped, match=said) as caught,
    ):
        ask_authority(url, b"content")
    assert url in str(caught.value)


def test_an_old_answer_is_no_answer(authority: TimestampAuthority) -> None:
    kept: list[bytes] = []

    def answer(_: object, __: str, body: bytes) -> tuple[int, bytes]:
        kept.append(authority.stamp(body))
        return 200, kept[0]

    with serving(answer) as url:
        assert ask_authority(url, b"content")
        with pytest.raises(NotStamped, match="another question"):
            ask_authority(url, b"content")
        with pytest.raises(NotStamped, match="something else"):
            ask_authority(url, b"else")


def test_without_an_authority_that_answers_there_is_no_bundle(
    system: System, case: UUID
) -> None:
    log = replace(system.settings.log, tsa="http://127.0.0.1:9/tsa")
    out_of_reach = replace(system, settings=replace(system.settings, log=log))
    with pytest.raises(NotStamped, match=r"127\.0\.0\.1:9"):
        make(out_of_reach, case)
    without = make(out_of_reach, case, stamp=False)
    assert without.digest == make(system, case).digest


def test_a_stamp_once_given_is_in_every_bundle_whoever_makes_it(
    system: System, stamped: System, case: UUID
) -> None:
    assert "timestamp.tsr" not in taken(make(system, case).content)
    made = make(stamped, case)
    assert "timestamp.tsr" in taken(made.content)
    assert make(system, case).digest == made.digest


def trusting(asked: Asked, authority: TimestampAuthority) -> Asked:
    certificate = parse_certificate(authority.certificate.read_text("ascii"))
    return asked._replace(stampers=(certificate,))


def timed(report: Report) -> str:
    return next(one.about for one in report.found if one.name == "timed")
