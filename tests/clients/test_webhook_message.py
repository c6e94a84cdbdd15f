"""Messages to webhooks are checked: good, late, forged, and of a rotated secret."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from standardwebhooks import Webhook

from application.deliveries.signature import new_secret, signed_headers
from interface.client import BadSignature, verify

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECRET, EARLIER = new_secret(), new_secret()
DELIVERY = UUID(int=7)
MESSAGE: dict[str, Any] = {
    "type": "ruled",
    "position": 4711,
    "dispute": str(uuid4()),
    "case_number": "20260302000000000001",
    "platform": "shop",
    "version": 14,
    "at": "2026-03-02T01:00:00Z",
    "recorded_at": "2026-03-02T01:00:00Z",
    "actor": {"role": "mediator", "id": "m-1"},
    "event": {"liability": "seller"},
    "href": "/v1/disputes/1",
}
BODY = msgspec.json.encode(MESSAGE)


def sent(*secrets: str, body: bytes = BODY, at: datetime = NOW) -> dict[str, str]:
    """Sign as the server's own worker does."""
    return signed_headers(DELIVERY, at, body, secrets)


def test_a_message_of_the_servers() -> None:
    message = verify(sent(SECRET), BODY, SECRET, now=NOW.timestamp())
    assert message.id == f"msg_{DELIVERY.hex}"
    assert (message.type, message.at) == ("ruled", NOW)
    assert message.event().event == {"liability": "seller"}
    assert message.content() == MESSAGE


def test_headers_are_written_in_any_case() -> None:
    loud = {name.title(): one for name, one in sent(SECRET).items()}
    assert verify(loud, BODY, SECRET, now=NOW.timestamp()).type == "ruled"


def test_while_a_secret_is_rotated_both_count() -> None:
    both = sent(SECRET, EARLIER)
    for secrets in (SECRET, EARLIER, [EARLIER, SECRET]):
        assert verify(both, BODY, secrets, now=NOW.timestamp()).type == "ruled"
    # The receiver knows the new one already, the server still signs with the earlier.
    known = [SECRET, EARLIER]
    message = verify(sent(EARLIER), BODY, known, now=NOW.timestamp())
    assert message.type == "ruled"
    with pytest.raises(BadSignature, match="no secret"):
        verify(sent(EARLIER), BODY, SECRET, now=NOW.timestamp())


@pytest.mark.parametrize("away", [-301, 301, 86_400])
def test_what_is_late_or_of_the_future_is_refused(away: int) -> None:
    at = NOW + timedelta(seconds=away)
    with pytest.raises(BadSignature, match="300 seconds"):
        verify(sent(SECRET, at=at), BODY, SECRET, now=NOW.timestamp())
    message = sent(SECRET, at=at)
    taken = verify(message, BODY, SECRET, now=NOW.timestamp(), tolerance=1e5)
    assert taken.at == at


def test_its_own_clock_counts_without_another() -> None:
    now = datetime.now(UTC)
    assert verify(sent(SECRET, at=now), BODY, SECRET).type == "ruled"
    with pytest.raises(BadSignature):
        verify(sent(SECRET), BODY, SECRET)


@given(where=st.integers(0, len(BODY) - 1), flip=st.integers(1, 255))
def test_no_byte_can_be_changed(where: int, flip: int) -> None:
    forged = bytearray(BODY)
    forged[where] ^= flip
    with pytest.raises(BadSignature, match="no secret"):
        verify(sent(SECRET), bytes(forged), SECRET, now=NOW.timestamp())


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_id_and_time_are_signed_too(name: str) -> None:
    headers = sent(SECRET)
    later = str(int(NOW.timestamp()) + 1)
    headers[name] = {"webhook-id": "msg_2", "webhook-timestamp": later}[name]
    with pytest.raises(BadSignature, match="no secret"):
        verify(headers, BODY, SECRET, now=NOW.timestamp())


@given(
    st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
        st.text(max_size=40),
    )
)
@settings(max_examples=200)
def test_any_other_headers_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        verify(headers, BODY, [SECRET, EARLIER], now=NOW.timestamp())


@pytest.mark.parametrize("secret", ["whsec_", "", "whsec_%%%", "whsec_abc"])
def test_a_secret_that_is_none_is_told(secret: str) -> None:
    # With an empty key, anybody could sign.
    with pytest.raises(ValueError, match="a secret is"):
        verify(sent(SECRET), BODY, secret, now=NOW.timestamp())


def test_no_secret_at_all_is_no_check() -> None:
    with pytest.raises(BadSignature):
        verify(sent(SECRET), BODY, [], now=NOW.timestamp())


def test_what_is_signed_and_no_message_is_refused() -> None:
    for body in (b"", b"[]", b'{"type": 3}', b"\xff"):
        with pytest.raises(BadSignature, match="no message"):
            verify(sent(SECRET, body=body), body, SECRET, now=NOW.timestamp())


def test_the_standards_own_library_signs_alike() -> None:
    now = datetime.now(UTC)
    text = BODY.decode()
    signature = Webhook(SECRET).sign("msg_1", now, text)
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    assert verify(headers, BODY, SECRET).type == "ruled"
