"""The file of several issuers: who they are, and what each of them may say (TOML)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from domain.names import BadName
from domain.policy.toml_decoder import Mistakes, load, place
from domain.roles import Role
from interface.callers.caller import CLIENTS, name_in_one_form
from interface.callers.claim_map import ClaimMap, ClaimPath, claim_path
from interface.callers.claims import ClaimRules
from interface.settings.encrypted_transport import web_fault
from interface.settings.settings import SettingError, Settings

SETTING = "REDRESS_ISSUERS"
MOST_BYTES = 1_000_000

Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=2_000)]
PathText: TypeAlias = Text | Annotated[tuple[Text, ...], Meta(min_length=1)]
"""A path as one text, or name by name where a name has dots in it."""


class ClaimNames(Struct, frozen=True, kw_only=True):
    """Which claims say what; without one, it is the claim that Redress itself uses."""

    subject: PathText | None = None
    role: PathText | None = None
    platform: PathText | None = None


class IssuerEntry(Struct, frozen=True, kw_only=True):
    """An issuer as the file describes it.

    One of `role` (all its tokens have it) and `roles` (they may name one of these); one
    of `platform`, `platforms` and `every_platform`.
    """

    name: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,31}$")]
    issuer: Text
    audience: Text
    jwks: Text
    role: Role | None = None
    roles: tuple[Role, ...] | None = None
    platform: Text | None = None
    platforms: tuple[Text, ...] | None = None
    every_platform: bool = False
    subject_prefix: Annotated[str, Meta(max_length=64)] = ""
    token_lifetime: Annotated[int, Meta(ge=60)] | None = None
    claims: ClaimNames = ClaimNames()
    values: Mapping[str, Role] | None = None


class IssuerFile(Struct, frozen=True, kw_only=True):
    """All issuers whose tokens are taken."""

    issuer: tuple[IssuerEntry, ...]


class KnownIssuer(Struct, frozen=True, kw_only=True):
    """An issuer that can be used: its name, where its keys are, and its rules."""

    name: str
    jwks: str
    rules: ClaimRules


def issuers_in(path: Path, settings: Settings) -> tuple[KnownIssuer, ...]:
    """Read the file of issuers. Raises SettingError, naming every mistake's place."""
    try:
        # One more than is taken: the file may be any, and of any size.
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        entries = load(_text(content), IssuerFile).issuer
        _check(entries, settings)
        return tuple(_known(one, path.parent, settings) for one in entries)
    except OSError as error:
        raise SettingError(f"{SETTING}: {path}: {error.strerror}") from None
    except ValueError as error:
        raise SettingError(f"{SETTING}: {path}: {error}") from None


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise ValueError(f"longer than {MOST_BYTES} bytes")
    return content.decode()


def _known(entry: IssuerEntry, folder: Path, settings: Settings) -> KnownIssuer:
    named = entry.claims
    usual = ClaimMap()
    claims = ClaimMap(
        subject=_path(named.subject) or usual.subject,
        role=(_path(named.role),) if named.role else usual.role,
        platform=_path(named.platform) or usual.platform,
        values=entry.values,
    )
    most = settings.callers.token_lifetime
    rules = ClaimRules(
        issuer=entry.issuer,
        audience=entry.audience,
        lifetime=min(entry.token_lifetime or most, most),
        claims=claims,
        role=entry.role,
        roles=frozenset(entry.roles or ()),
        platform=_name(entry.platform),
        platforms=None
        if entry.platforms is None
        else frozenset(map(name_in_one_form, entry.platforms)),
        subject_prefix=entry.subject_prefix,
    )
    jwks = (
        entry.jwks
        if "://" in entry.jwks
        else str(folder / Path(entry.jwks).expanduser())
    )
    return KnownIssuer(name=entry.name, jwks=jwks, rules=rules)


def _path(named: str | tuple[str, ...] | None) -> ClaimPath:
    return claim_path(named) if isinstance(named, str) else named or ()


def _name(text: str | None) -> str | None:
    return None if text is None else name_in_one_form(text)


def _check(entries: tuple[IssuerEntry, ...], settings: Settings) -> None:
    """Raise Mistaken for what each field allows, and all of them together do not."""
    mistakes = Mistakes()
    if not entries:
        mistakes.add("issuer", "empty")
    for n, entry in enumerate(entries):
        at = f"issuer[{n}]"
        for name, wrong in _faults(entry, settings):
            mistakes.add(place(at, name), wrong)
        # Two issuers with the same keys could sign for each other.
        for name in ("name", "issuer", "jwks"):
            same = [m for m in range(n) if _same(entries[m], entry, name)]
            if same:
                mistakes.add(place(at, name), f"is that of issuer[{same[0]}] too")
    mistakes.refuse()


def _same(one: IssuerEntry, other: IssuerEntry, name: str) -> bool:
    return bool(getattr(one, name) == getattr(other, name))


def _faults(entry: IssuerEntry, settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield the fields of an issuer that are wrong, and what is."""
    yield from _role_faults(entry)
    yield from _platform_faults(entry)
    if entry.subject_prefix:
        yield from _name_faults("subject_prefix", (entry.subject_prefix,))
    if "://" in entry.jwks and not settings.is_development:
        fault = web_fault(entry.jwks)
        if fault is not None:
            yield "jwks", fault
    elif "://" in entry.jwks and not entry.jwks.startswith(("http://", "https://")):
        yield "jwks", "is neither a http(s) URL nor a file"
    most = settings.callers.token_lifetime
    if entry.token_lifetime is not None and entry.token_lifetime > most:
        yield "token_lifetime", f"REDRESS_TOKEN_LIFETIME is {most}"


def _role_faults(entry: IssuerEntry) -> Iterator[tuple[str, str]]:
    if (entry.role is None) == (not entry.roles):
        yield "roles", "name the roles that its tokens may have, or one as role"
    if entry.role is not None and (entry.claims.role or entry.values is not None):
        yield "role", "is that of every token, so no claim of it is read"
    for name, roles in (("role", (entry.role,)), ("roles", entry.roles or ())):
        if any(one is not None and one not in CLIENTS for one in roles):
            yield name, "clock is no caller"
    for value, role in (entry.values or {}).items():
        if entry.roles is not None and role not in entry.roles:
            yield place("values", value), f"{role} is none of its roles"


def _platform_faults(entry: IssuerEntry) -> Iterator[tuple[str, str]]:
    given = (entry.platform, entry.platforms, entry.every_platform or None)
    if sum(one is not None for one in given) != 1:
        yield "platform", "give one of platform, platforms and every_platform = true"
    if entry.platform is not None and entry.claims.platform:
        yield "platform", "is that of every token, so no claim of it is read"
    if entry.platforms is not None and not entry.platforms:
        yield "platforms", "empty"
    yield from _name_faults("platforms", entry.platforms or ())
    if entry.platform is not None:
        yield from _name_faults("platform", (entry.platform,))


def _name_faults(name: str, texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for one in texts:
        try:
            name_in_one_form(one)
        except BadName as error:
            yield name, f"{one!r} {error}"
