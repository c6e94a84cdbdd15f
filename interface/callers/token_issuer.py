"""An issuer of bearer tokens: the keys that sign them, and what they may say."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import jwt
from msgspec import Struct

from interface.callers.bearer_token import BearerToken
from interface.callers.caller import Caller, Unauthenticated
from interface.callers.claims import ClaimRules, Claims, caller_of, decoded
from interface.callers.signing_keys import SigningKeys, VerifyingKey
from interface.run.log_lines import one_word


class VerifiedToken(Struct, frozen=True):
    """A token that was verified: whom it is for, by whose key, and until when."""

    caller: Caller
    issuer: TokenIssuer
    key: VerifyingKey
    claims: Claims

    def holds(self) -> bool:
        """Tell whether it has not expired, and its key is still one of the issuer's."""
        return time.time() < self.claims.exp and self.issuer.keys.holds(self.key)


class TokenIssuer:
    """Verifies the tokens of one issuer, by keys that only this issuer has.

    A key counts for the issuer in whose set it is: another one cannot sign with it for
    this one, whatever its tokens say. `name` None: it is the only one.
    """

    def __init__(
        self, keys: SigningKeys, rules: ClaimRules, name: str | None = None
    ) -> None:
        self.keys = keys
        self.rules = rules
        self.name = name
        # One thread for each issuer, so that a key server that does not answer takes
        # none of those that requests work in, and holds up no other issuer.
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="signing-keys")
        self._refreshing: asyncio.Future[None] | None = None

    def refresh_early(self) -> None:
        """Begin to read keys that have reached half of their age, beside requests."""
        if self.keys.may_refresh():
            self._refresh()

    def refresh_unasked(self) -> None:
        """Begin to read old keys from a thread, also while nobody calls."""
        # The executor takes nothing more while the program ends.
        with suppress(RuntimeError):
            if self.keys.may_refresh():
                self._reader.submit(self.keys.refresh)

    async def refreshed(self, kid: str | None) -> None:
        """Wait until the keys are read, if one cannot be found before."""
        if self.keys.must_refresh(kid):
            # Shielded: others wait for the same reading.
            await asyncio.shield(self._refresh())

    def verified(self, token: BearerToken) -> VerifiedToken:
        """Verify a token, without I/O. Raises Unauthenticated or KeysUnavailable."""
        key = self.keys.find(token.kid)
        # The algorithm is the key's. A token that could choose it could have an RSA key
        # taken for a shared secret, or a signature be checked by the wrong rules.
        if token.algorithm != key.algorithm:
            raise Unauthenticated("wrong-algorithm")
        payload = _payload(token, key)
        claims, named = decoded(payload), self.rules.claims.named(payload)
        try:
            caller = caller_of(claims, named, self.rules, time.time())
        except Unauthenticated as refusal:
            # Signed, so that it is known who is refused: a stolen token leaves a trace.
            refusal.whose = one_word(f"{named.platform or '-'}/?/{named.subject}")
            raise
        return VerifiedToken(caller, self, key, claims)

    def close(self) -> None:
        """Let go of the thread that reads keys."""
        self._reader.shutdown(wait=False)

    def _refresh(self) -> asyncio.Future[None]:
        """Begin to read the keys, or join those who wait for a reading already."""
        loop = asyncio.get_running_loop()
        running = self._refreshing
        if running is None or running.done() or running.get_loop() is not loop:
            running = loop.run_in_executor(self._reader, self.keys.refresh)
            self._refreshing = running
        return running


def _payload(token: BearerToken, key: VerifyingKey) -> bytes:
    """Return what a token's signature covers. Raises Unauthenticated if it is wrong."""
    verifier = jwt.PyJWS(algorithms=[key.algorithm])
    try:
        payload = verifier.decode(token.text, key.public, [key.algorithm])
    # Not only the library's own errors: its parts also raise those of Python.
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise Unauthenticated("wrong-signature") from None
    return bytes(payload)
