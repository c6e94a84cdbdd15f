"""The language of a page: of its address, else of a cookie, else of the browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from application.texts import LANGUAGES, chosen

COOKIE = "redress-language"
YEAR_SECONDS = 31_536_000

OTHER = {"zh": "en", "en": "zh"}


def asked_language(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """Return the language that the address names, zh or en; None if it names none."""
    asked = connection.query_params.get("lang")
    return asked if asked in LANGUAGES else None


def language_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the language of the answer to a request: zh or en."""
    kept = connection.cookies.get(COOKIE)
    return (
        asked_language(connection)
        or (kept if kept in LANGUAGES else None)
        or chosen(connection.headers.get("accept-language"))
    )


def language_cookie(language: str) -> Cookie:
    """Return the cookie that keeps a choice; it says nothing of a person."""
    return Cookie(
        key=COOKIE,
        value=language,
        path="/",
        max_age=YEAR_SECONDS,
        httponly=True,
        samesite="lax",
    )


def address_in(language: str, path: str, query: str) -> str:
    """Return the same address in a language."""
    kept = [one for one in parse_qsl(query, True) if one[0] != "lang"]
    return f"{path}?{urlencode([*kept, ('lang', language)])}"
