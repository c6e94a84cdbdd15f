"""Verifies bearer tokens, and remembers the valid ones for as long as they are."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor

import jwt
from msgspec import Struct

from interface.callers.bearer_token import BearerToken, digest_of, opened, token_text
from interface.callers.caller import Caller, Unauthenticated
from interface.callers.claims import ClaimRules, Claims, caller_of, decoded
from interface.callers.revocation_list import RevocationList
from interface.callers.signing_keys import SigningKeys, VerifyingKey
from interface.run.log_lines import one_word

REMEMBERED = 10_000
"""Verified tokens that are kept, so that not every request verifies a signature."""


_log = logging.getLogger(__name__)


class _Known(Struct, frozen=True):
    """A token that was verified: whom it is for, by which key, and until when."""

    caller: Caller
    key: VerifyingKey
    claims: Claims


class Tokens:
    """Finds out who sent a request.

    A token is remembered, and taken again without verifying its signature, until it
    expires, its key is withdrawn or the key set is too old. Whether it was revoked is
    asked each time.
    """

    def __init__(
        self,
        keys: SigningKeys,
        rules: ClaimRules,
        revoked: RevocationList | None = None,
    ) -> None:
        self._keys = keys
        self._rules = rules
        self._revoked = revoked
        self._known: dict[bytes, _Known] = {}
        # One thread of its own, so that a key server that does not answer takes none
        # of those that requests work in.
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="signing-keys")
        self._refreshing: asyncio.Future[None] | None = None

    async def authenticated(self, header: str | None) -> Caller:
        """Return who sent an Authorization header, without holding up the event loop.

        Raises Unauthenticated, or KeysUnavailable.
        """
        if self._keys.may_refresh():
            self._refresh()
        caller = self.remembered(header)
        if caller is not None:
            return caller
        token = opened(header)
        if self._keys.must_refresh(token.kid):
            # Shielded: others wait for the same reading.
            await asyncio.shield(self._refresh())
        return self._verified(token)

    def caller(self, header: str | None) -> Caller:
        """Return who sent an Authorization header; waits for the keys if it has to.

        Raises Unauthenticated, or KeysUnavailable.
        """
        text = token_text(header)
        if text is not None and self._keys.must_refresh(opened(header).kid):
            self._keys.refresh()
        return self.caller_at_hand(header)

    def caller_at_hand(self, header: str | None) -> Caller:
        """Return who sent an Authorization header, by the keys that are at hand.

        Without I/O. Raises Unauthenticated, or KeysUnavailable.
        """
        return self.remembered(header) or self._verified(opened(header))

    def remembered(self, header: str | None) -> Caller | None:
        """Return the caller of a token that was verified before and is still valid.

        Without I/O. Raises Unauthenticated for one that was revoked meanwhile.
        """
        text = token_text(header)
        known = None if text is None else self._known.get(digest_of(text))
        if known is None or time.time() >= known.claims.exp:
            return None
        if not self._keys.holds(known.key):
            return None
        self._check_revoked(known.caller, known.claims)
        return known.caller

    def close(self) -> None:
        """Let go of the thread that reads keys."""
        self._reader.shutdown(wait=False)

    def _refresh(self) -> asyncio.Future[None]:
        """Begin to read the keys, or join those who wait for a reading already."""
        loop = asyncio.get_running_loop()
        running = self._refreshing
        if running is None or running.done() or running.get_loop() is not loop:
            running = loop.run_in_executor(self._reader, self._keys.refresh)
            self._refreshing = running
        return running

    def _verified(self, token: BearerToken) -> Caller:
        key = self._keys.find(token.kid)
        # The algorithm is the key's. A token that could choose it could have an RSA key
        # taken for a shared secret, or a signature be checked by the wrong rules.
        if token.algorithm != key.algorithm:
            raise Unauthenticated("wrong-algorithm")
        claims = decoded(_payload(token, key))
        try:
            caller = caller_of(claims, self._rules, time.time())
            self._check_revoked(caller, claims)
        except Unauthenticated as refusal:
            # Signed, so that it is known who is refused: a stolen token leaves a trace.
            refusal.whose = one_word(f"{claims.platform or '-'}/?/{claims.sub}")
            raise
        # Once for each token and process, as it is remembered then.
        names = one_word(key.kid or "-"), one_word(claims.jti or "-")
        _log.info("accepted %s by key %s, token %s", caller.in_log, *names)
        # All at once: this is rare, and cheaper than to know which one is the oldest.
        if len(self._known) >= REMEMBERED:
            self._known = {}
        self._known[digest_of(token.text)] = _Known(caller, key, claims)
        return caller

    def _check_revoked(self, caller: Caller, claims: Claims) -> None:
        if self._revoked is not None and self._revoked.revokes(caller, claims):
            refusal = Unauthenticated("revoked")
            refusal.whose = caller.in_log
            raise refusal


def _payload(token: BearerToken, key: VerifyingKey) -> bytes:
    """Return what a token's signature covers. Raises Unauthenticated if it is wrong."""
    verifier = jwt.PyJWS(algorithms=[key.algorithm])
    try:
        payload = verifier.decode(token.text, key.public, [key.algorithm])
    # Not only the library's own errors: its parts also raise those of Python.
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise Unauthenticated("wrong-signature") from None
    return bytes(payload)
