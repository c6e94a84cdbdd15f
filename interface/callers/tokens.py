"""Finds callers by bearer tokens, which it remembers once verified, or by API keys."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from interface.callers.api_key_list import ApiKeyList, is_meant
from interface.callers.bearer_token import (
    BearerToken,
    claimed_issuer,
    digest_of,
    opened,
    token_text,
)
from interface.callers.caller import Caller, Unauthenticated
from interface.callers.revocation_list import RevocationList
from interface.callers.token_issuer import TokenIssuer, VerifiedToken
from interface.run.log_lines import one_word

REMEMBERED = 10_000
"""Verified tokens that are kept, so that not every request verifies a signature."""


_log = logging.getLogger(__name__)


class Tokens:
    """Finds out who sent a request.

    A token is remembered, and taken again without verifying its signature, until it
    expires, its key is withdrawn or the key set is too old. Whether it was revoked is
    asked each time.
    """

    def __init__(
        self,
        issuers: Sequence[TokenIssuer],
        revoked: RevocationList | None = None,
        api_keys: ApiKeyList | None = None,
    ) -> None:
        self.issuers = tuple(issuers)
        self.api_keys = api_keys
        self._by_name = {one.rules.issuer: one for one in issuers}
        self._revoked = revoked
        self._known: dict[bytes, VerifiedToken] = {}

    async def authenticated(self, header: str | None) -> Caller:
        """Return who sent an Authorization header, without holding up the event loop.

        Raises Unauthenticated, or KeysUnavailable.
        """
        known = self._remembered(header)
        if known is not None:
            known.issuer.refresh_early()
            return known.caller
        if (by_key := self._by_api_key(header)) is not None:
            return by_key
        token = opened(header)
        issuer = self._issuer_of(token)
        issuer.refresh_early()
        await issuer.refreshed(token.kid)
        return self._verified(token, issuer)

    def caller(self, header: str | None) -> Caller:
        """Return who sent an Authorization header; waits for the keys if it has to.

        Raises Unauthenticated, or KeysUnavailable.
        """
        if self._by_api_key(header) is None and token_text(header) is not None:
            token = opened(header)
            keys = self._issuer_of(token).keys
            if keys.must_refresh(token.kid):
                keys.refresh()
        return self.caller_at_hand(header)

    def caller_at_hand(self, header: str | None) -> Caller:
        """Return who sent an Authorization header, by the keys that are at hand.

        Without I/O. Raises Unauthenticated, or KeysUnavailable.
        """
        known = self.remembered(header) or self._by_api_key(header)
        if known is not None:
            return known
        token = opened(header)
        return self._verified(token, self._issuer_of(token))

    def remembered(self, header: str | None) -> Caller | None:
        """Return the caller of a token that was verified before and is still valid.

        Without I/O. Raises Unauthenticated for one that was revoked meanwhile.
        """
        known = self._remembered(header)
        return None if known is None else known.caller

    def holds_key(self, key_id: str) -> bool:
        """Tell whether the API key of an id can still be used."""
        return self.api_keys is not None and self.api_keys.holds(key_id)

    def close(self) -> None:
        """Let go of the threads that read keys."""
        for one in self.issuers:
            one.close()

    def _by_api_key(self, header: str | None) -> Caller | None:
        """Return whom an API key stands for; None if none is sent, or none is taken."""
        text = token_text(header)
        if text is None or self.api_keys is None or not is_meant(text):
            return None
        return self.api_keys.caller(text)

    def _remembered(self, header: str | None) -> VerifiedToken | None:
        text = token_text(header)
        known = None if text is None else self._known.get(digest_of(text))
        if known is None or not known.holds():
            return None
        self._check_revoked(known)
        return known

    def _issuer_of(self, token: BearerToken) -> TokenIssuer:
        """Return the issuer that a token names, before anything of it is verified.

        Only that issuer's keys may then verify it. Raises Unauthenticated.
        """
        if len(self.issuers) == 1:
            return self.issuers[0]
        found = self._by_name.get(claimed_issuer(token))
        if found is None:
            raise Unauthenticated("wrong-issuer")
        return found

    def _verified(self, token: BearerToken, issuer: TokenIssuer) -> Caller:
        found = issuer.verified(token)
        self._check_revoked(found)
        # Once for each token and process, as it is remembered then.
        names = one_word(found.key.kid or "-"), one_word(found.claims.jti or "-")
        whose = f", issuer {issuer.name}" if issuer.name else ""
        _log.info(
            "accepted %s by key %s, token %s%s", found.caller.in_log, *names, whose
        )
        # All at once: this is rare, and cheaper than to know which one is the oldest.
        if len(self._known) >= REMEMBERED:
            self._known = {}
        self._known[digest_of(token.text)] = found
        return found.caller

    def _check_revoked(self, found: VerifiedToken) -> None:
        revoked = self._revoked
        if revoked is not None and revoked.revokes(found.caller, found.claims):
            refusal = Unauthenticated("revoked")
            refusal.whose = found.caller.in_log
            raise refusal
