"""Terms of a search that name people, sealed in addresses, which end up in logs.

An address has them in one parameter, which opens for the same reader in any later
session. Codes, dates, case numbers and platforms stay readable.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha512
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from litestar.response import Redirect
from msgspec import Struct

from interface.bootstrap import System
from interface.pages.form_tokens import RESUMED, TOKEN, whose
from interface.pages.forms.sent_form import SentForm
from interface.pages.page import page
from interface.pages.page_language import language_of
from interface.pages.page_texts import page_words
from interface.pages.sign_in.page_cookies import visit_of
from interface.pages.sign_in.page_session import PageSession

SEALED = "sealed"
READABLE = frozenset({"me", "none"})
"""Values that name nobody."""

_OPENED = "opened_terms"
_PADDING = 4


class Terms(Struct, frozen=True):
    """Which parameters of pages name people; sealed ones open for their `use` alone."""

    use: str
    names: frozenset[str]

    @property
    def opt(self) -> dict[str, Any]:
        """Return the options of a route that has such parameters."""
        return {"terms": self}


class Unsealed(Exception):
    """An address that has terms in plain; `where` is the one that has them sealed."""

    def __init__(self, where: str) -> None:
        super().__init__("plain terms")
        self.where = where


class DamagedTerms(Exception):
    """Sealed terms that do not open: altered, cut off, or those of another reader."""

    def __init__(self, where: str) -> None:
        super().__init__("damaged terms")
        self.where = where


class Sealer(Struct, frozen=True):
    """Seals and opens terms of one reader; the same ones always look the same."""

    digest: bytes
    reader: str

    def sealed(self, terms: Terms, given: Iterable[tuple[str, str]]) -> str:
        """Return a query in which no person is named."""
        pairs = list(given)
        hidden = {
            name: value for name, value in pairs if _names_person(terms, name, value)
        }
        plain = [one for one in pairs if one[0] not in hidden]
        if hidden:
            plain.append((SEALED, self.token(terms, hidden)))
        return urlencode(plain)

    def token(self, terms: Terms, said: Mapping[str, str]) -> str:
        """Return terms as one text that only this reader's pages open."""
        sealed = self._cipher.encrypt(msgspec.json.encode(said), self._bound(terms))
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def opened(self, terms: Terms, token: str) -> dict[str, str] | None:
        """Return what a parameter says; None if it is not this reader's, or damaged."""
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % _PADDING))
            text = self._cipher.decrypt(raw, self._bound(terms))
        except (InvalidTag, ValueError):
            return None
        return msgspec.json.decode(text, type=dict[str, str])

    @property
    def _cipher(self) -> AESSIV:
        return AESSIV(hmac.digest(self.digest, b"terms of page searches", sha512))

    def _bound(self, terms: Terms) -> list[bytes]:
        return [terms.use.encode(), self.reader.encode()]


def sealer_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Sealer:
    """Return the sealer of who is signed in; of the visit, for a stranger."""
    session: PageSession | None = connection.scope["state"].get("page_session")
    return _visitors(connection) if session is None else _readers(connection, session)


async def seal_terms(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Open the sealed terms of an address.

    Raises Unsealed for an address with plain ones, such as an old bookmark, and
    DamagedTerms.
    """
    terms: Terms | None = handler.opt.get("terms")
    method = connection.scope["method"]  # type: ignore[typeddict-item]
    if terms is None or method != "GET":
        return
    path, query = connection.url.path, connection.url.query
    given = parse_qsl(query, keep_blank_values=True)
    tokens = [value for name, value in given if name == SEALED]
    rest = [one for one in given if one[0] != SEALED]
    found: dict[str, str] = {}
    for token in tokens:
        own = sealer_of(connection).opened(terms, token)
        # Sealed before signing in, it is put under the reader's own name.
        visits = None if own is not None else _visitors(connection).opened(terms, token)
        if own is None and visits is None:
            raise DamagedTerms(_joined(path, urlencode(rest)))
        found |= own or visits or {}
        if visits is not None:
            rest += visits.items()
    if any(_names_person(terms, *one) for one in rest):
        known = {name for name, _ in rest}
        kept = [(name, text) for name, text in found.items() if name not in known]
        where = sealer_of(connection).sealed(terms, [*rest, *kept])
        raise Unsealed(_joined(path, where))
    state = connection.scope["state"]
    state[_OPENED] = found
    if found:
        # The access log says what was asked for; it is no address.
        state["sent_query"] = urlencode([*rest, *found.items()])


def asked_terms(request: Request[Any, Any, Any]) -> Mapping[str, str]:
    """Return what an address asks for, with its sealed terms opened."""
    plain = dict(request.query_params.items())
    opened: dict[str, str] = request.scope["state"].get(_OPENED, {})
    return {name: text for name, text in plain.items() if name != SEALED} | opened


def search_posted(
    request: Request[Any, Any, Any],
    form: SentForm,
    terms: Terms,
    path: str,
    *,
    always: frozenset[str] = frozenset(),
) -> Redirect:
    """Lead to the address of a search; `always`: fields that it has also if empty."""
    left_out = {TOKEN, RESUMED, SEALED}
    given = [(one, form.get(one).strip()) for one in form if one not in left_out]
    said = [(name, text) for name, text in given if text or name in always]
    where = _joined(path, sealer_of(request).sealed(terms, said))
    return Redirect(where, status_code=303)


def sealed_address(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the address of a request, as it may be told to another page."""
    terms: Terms | None = connection.scope["route_handler"].opt.get("terms")
    path, query = connection.url.path, connection.url.query
    if terms is None:
        return _joined(path, query)
    given = parse_qsl(query, keep_blank_values=True)
    if not any(_names_person(terms, *one) for one in given):
        return _joined(path, query)
    return _joined(path, sealer_of(connection).sealed(terms, given))


def on_plain_terms(_: Request[Any, Any, Any], error: Unsealed) -> Redirect:
    """Lead to the address in which the terms are sealed."""
    return Redirect(error.where, status_code=303)


def on_damaged_terms(
    request: Request[Any, Any, Any], error: DamagedTerms
) -> Response[str]:
    """Say that a search cannot be opened, and lead to the page without it."""
    language = language_of(request)
    return page(
        request,
        "error.html",
        status=400,
        title=page_words("error.damaged-terms", language),
        detail=page_words("error.damaged-terms-about", language),
        faults=(),
        request_id=None,
        way=(error.where, page_words("error.without-terms", language)),
    )


def _readers(
    connection: ASGIConnection[Any, Any, Any, Any], session: PageSession
) -> Sealer:
    return Sealer(_digest(connection), whose(session))


def _visitors(connection: ASGIConnection[Any, Any, Any, Any]) -> Sealer:
    return Sealer(_digest(connection), f"visit {visit_of(connection)}")


def _digest(connection: ASGIConnection[Any, Any, Any, Any]) -> bytes:
    system: System = connection.app.state.system
    return system.keys.master.digest


def _names_person(terms: Terms, name: str, value: str) -> bool:
    return name in terms.names and bool(value.strip()) and value not in READABLE


def _joined(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
