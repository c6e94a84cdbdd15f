"""A session: who has signed in, since when, and when they were last here.

It is kept in the browser, sealed by a key that only this installation has. The server
looks at both ends itself, whatever a browser does with its cookies.
"""

from __future__ import annotations

import hmac
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from domain.roles import Role
from interface.callers.caller import Caller

IDLE_SECONDS = 30 * 60
WHOLE_SECONDS = 12 * 60 * 60

_FORM = "1"
"""The first part of what is sealed, so that another form can be told from this one."""


class PageSession(Struct, frozen=True, kw_only=True):
    """Who has signed in. Times are POSIX seconds; `ends` is that of the token, too."""

    id: str
    subject: str
    role: Role
    platform: str | None
    began: float
    seen: float
    ends: float

    @property
    def caller(self) -> Caller:
        """Return the caller of pages in this session."""
        return Caller(subject=self.subject, role=self.role, platform=self.platform)

    def goes_on(self, now: float) -> bool:
        """Tell whether the session has not ended, by idling or altogether."""
        return self.began <= now < min(self.ends, self.seen + IDLE_SECONDS)

    def seen_at(self, now: float) -> PageSession:
        """Return the session as it goes on after a request."""
        return replace(self, seen=now)


def begun(caller: Caller, ends: float | None = None) -> PageSession:
    """Return a new session of a caller; `ends`: when the token ends that let them in.

    Its id is new each time: one that somebody planted before signing in is worth
    nothing after it.
    """
    now = time.time()
    whole = now + WHOLE_SECONDS
    return PageSession(
        id=secrets.token_urlsafe(24),
        subject=caller.subject,
        role=caller.role,
        platform=caller.platform,
        began=now,
        seen=now,
        ends=whole if ends is None else min(whole, ends),
    )


def sealed(session: PageSession, digest: bytes) -> str:
    """Return the value of a session's cookie. `digest` is the installation's key."""
    return sealed_text("session", msgspec.json.encode(session).decode(), digest)


def unsealed(value: str | None, digest: bytes) -> PageSession | None:
    """Return the session in a cookie; None if there is none that we have sealed."""
    text = unsealed_text("session", value, digest)
    return None if text is None else msgspec.json.decode(text, type=PageSession)


def sealed_text(use: str, text: str, digest: bytes) -> str:
    """Return a text as a cookie's value that nobody else can make, for one use."""
    # Without padding: a cookie's value with "=" in it would be quoted.
    payload = urlsafe_b64encode(text.encode()).decode().rstrip("=")
    whole = f"{_FORM}.{payload}"
    return f"{whole}.{_mac(use, whole, digest)}"


def unsealed_text(use: str, value: str | None, digest: bytes) -> str | None:
    """Return the text in a cookie's value; None if it is not sealed for this use."""
    whole, _, mac = (value or "").rpartition(".")
    if not hmac.compare_digest(_mac(use, whole, digest).encode(), mac.encode()):
        return None
    form, _, payload = whole.partition(".")
    if form != _FORM:
        return None
    padded = payload + "=" * (-len(payload) % 4)
    return urlsafe_b64decode(padded).decode()


def form_token(whose: str, digest: bytes) -> str:
    """Return what the forms of a session, or of a visit, have to bring."""
    return hmac.digest(digest, f"form token {whose}".encode(), sha256).hex()


def _mac(use: str, text: str, digest: bytes) -> str:
    return hmac.digest(digest, f"page {use} {text}".encode(), sha256).hex()
