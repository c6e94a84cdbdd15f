"""The issuers whose tokens an installation takes, as its settings say."""

from __future__ import annotations

from collections.abc import Iterator

from interface.callers.claims import ClaimRules
from interface.callers.development_key import DEVELOPMENT_ISSUER, DevelopmentKey
from interface.callers.issuer_file import SETTING, issuers_in
from interface.callers.key_source import KeySource
from interface.callers.token_issuer import TokenIssuer
from interface.settings.settings import SettingError, Settings


def issuers_of(settings: Settings) -> tuple[TokenIssuer, ...]:
    """Return the issuers that are set, or the development key. Raises SettingError."""
    callers = settings.callers
    if callers.takes_development_key:
        rules = ClaimRules(DEVELOPMENT_ISSUER, None, callers.token_lifetime)
        return (TokenIssuer(DevelopmentKey(settings.home), rules),)
    sources = key_sources(settings)
    for _, source, _ in sources:
        # A server may be away for a while; a file that is missing is a mistake.
        if source.is_file:
            try:
                source.read()
            except (OSError, ValueError) as error:
                raise SettingError(f"{source.setting}: {error}") from None
    return tuple(TokenIssuer(source, rules, name) for name, source, rules in sources)


def key_sources(
    settings: Settings,
) -> tuple[tuple[str | None, KeySource, ClaimRules], ...]:
    """Return each issuer's name, keys and rules. Raises SettingError."""
    return tuple(_sources(settings))


def _sources(
    settings: Settings,
) -> Iterator[tuple[str | None, KeySource, ClaimRules]]:
    callers = settings.callers
    if callers.issuers is not None:
        for one in issuers_in(callers.issuers, settings):
            named = f"{SETTING}: {one.name}"
            source = KeySource(one.jwks, callers.jwks_age, setting=named)
            yield one.name, source, one.rules
    elif callers.jwks is not None:
        rules = ClaimRules(callers.issuer, callers.audience, callers.token_lifetime)
        yield None, KeySource(callers.jwks, callers.jwks_age), rules
