"""The settings of the pages: how people sign in to them in production."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from interface.settings.setting_rows import setting


def _origin(text: str) -> str:
    if not text.startswith(("https://", "http://")) or text.count("/") != 2:  # noqa: PLR2004 - those of the scheme
        raise ValueError("is not https://host or https://host:port, without a path")
    return text


def _people(text: str) -> str:
    if not all("/" in one.strip(" /") for one in text.split(",")):
        raise ValueError("is not a list such as shop/v-1, shop/v-2")
    return text


class PageSettings(Struct, frozen=True, kw_only=True):
    """Where pages are reached, and as which client they sign people in; see `Settings`.

    The issuer is that of bearer tokens: its access tokens say who somebody is.
    """

    url: str | None = setting(
        "REDRESS_PAGES_URL",
        _origin,
        None,
        "where browsers reach the pages, such as `https://redress.example`",
    )
    client: str | None = setting(
        "REDRESS_PAGES_CLIENT",
        str,
        None,
        "client id of the pages at `REDRESS_ISSUER`, by which people sign in (OIDC,"
        " authorization code with PKCE)",
        unset="nobody signs in to pages outside of a sandbox",
    )
    secret: str | None = setting(
        "REDRESS_PAGES_SECRET",
        str,
        None,
        "secret of that client",
        unset="a public client, with PKCE alone",
        is_secret=True,
    )
    scope: str = setting(
        "REDRESS_PAGES_SCOPE",
        str,
        "openid",
        "scopes that the pages ask the issuer for, separated by spaces",
    )

    operators: str | None = setting(
        "REDRESS_OPERATORS",
        _people,
        None,
        "supervisors who run the installation, by platform and pseudonym, such as"
        " `shop/v-1, shop/v-2`: they read `/operator` and may retry what it shows",
        unset="nobody (in a sandbox, every supervisor); auditors and regulators of all"
        " platforms read it",
    )

    def contradictions(self, issuer: str | None) -> Iterator[str]:
        """Yield what signing in lacks."""
        if self.client is None:
            return
        if self.url is None:
            yield "REDRESS_PAGES_CLIENT: needs REDRESS_PAGES_URL"
        if issuer is None:
            yield "REDRESS_PAGES_CLIENT: needs REDRESS_ISSUER"
