"""A setting as a field declares it, and how the text of its variable is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from interface.settings.durations import written_length

HOME = "$REDRESS_HOME"
"""In a default, this stands for the home."""

IN_PRODUCTION = "in production"
TO_SERVE = "to serve in production"

_LOGIN = re.compile(r"[^\s/]*@")
_QUERY = re.compile(r"\?\S*")

Chosen = TypeVar("Chosen", bound=StrEnum)


class Setting(Struct, frozen=True):
    """One setting: its variable, how that is read, its default, and what it means.

    `read` raises ValueError, whose message says what a text is not. If `default` is
    None, `unset` says in words what is used then. `needed` says when it has to be set;
    `is_secret` that its value is shown nowhere.
    """

    name: str
    read: Callable[[str], object]
    default: str | None
    meaning: str
    needed: str | None = None
    unset: str | None = None
    is_secret: bool = False

    def __call__(self) -> object:
        """Raise TypeError: msgspec calls this if a Struct was made without the field.

        A setting stands where msgspec expects a default's factory, so that the field
        declares it; the values themselves always come from `values_of`.
        """
        raise TypeError(f"{self.name} was not read")

    def value(self, environ: Mapping[str, str], home: object) -> Any:
        """Return what is set, or the default. Raises ValueError, naming the setting."""
        text = environ.get(self.name) or (self.default or "").replace(HOME, str(home))
        try:
            return self.read(text) if text else None
        except ValueError as error:
            # What a reader says never repeats the text, which may be a secret.
            said = "" if self.is_secret else f"{self.shown(text)!r} "
            raise ValueError(f"{self.name}: {said}{error}") from None

    def shown(self, text: str) -> str:
        """Return a text as it may be shown: a URL without its login and its query."""
        if self.is_secret:
            return "***"
        if "://" not in text and self.read is not web_url:
            return text
        return _QUERY.sub("?***", _LOGIN.sub("***@", text))


def setting(
    name: str,
    read: Callable[[str], object],
    default: str | None,
    meaning: str,
    *,
    needed: str | None = None,
    unset: str | None = None,
    is_secret: bool = False,
) -> Any:
    """Declare a field of a Struct to be a setting."""
    one = Setting(name, read, default, meaning, needed, unset, is_secret)
    return msgspec.field(default_factory=one)


def settings_of(kind: type[Struct]) -> Iterator[Setting]:
    """Yield the settings that a Struct declares, and the Structs in it."""
    for field in msgspec.structs.fields(kind):
        if isinstance(field.default_factory, Setting):
            yield field.default_factory
        else:
            yield from settings_of(field.type)


def named_values(values: Struct) -> Iterator[str]:
    """Yield each setting with a value as it is written, a secret as `NAME=***`."""
    for field in msgspec.structs.fields(type(values)):
        value, one = getattr(values, field.name), field.default_factory
        if not isinstance(one, Setting):
            yield from named_values(value)
        elif value is not None:
            said = one.shown(written(value))
            yield f'{one.name}="{said}"' if " " in said else f"{one.name}={said}"


def written(value: object) -> str:
    """Return a value as it is written in the environment."""
    match value:
        case bool():
            return "required" if value else "off"
        case float():
            return f"{value:f}".rstrip("0").rstrip(".")
        case timedelta():
            return written_length(value)
        case tuple():
            return " ".join(map(written, value))
    return str(value)


def values_of(
    kind: type[Struct],
    environ: Mapping[str, str],
    faults: list[str],
    home: object = None,
) -> dict[str, Any]:
    """Return what each field of a Struct is set to, and add what is wrong to `faults`.

    A field `home` comes before the fields whose defaults lie in the home.
    """
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(kind):
        home = values.get("home", home)
        if not isinstance(field.default_factory, Setting):
            values[field.name] = values_of(field.type, environ, faults, home)
            continue
        try:
            values[field.name] = field.default_factory.value(environ, home)
        except ValueError as error:
            faults.append(str(error))
    return values


def number(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of whole numbers within bounds."""

    def read(text: str) -> int:
        # `int` alone takes signs, spaces, underscores and the digits of any script.
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"is not a number from {low} to {high}")
        return int(text)

    return read


def one_of(choices: type[Chosen], otherwise: str) -> Callable[[str], Chosen]:
    """Return a reader of some words; `otherwise` says what any other word is not."""

    def read(text: str) -> Chosen:
        if text not in {one.value for one in choices}:
            raise ValueError(otherwise)
        return choices(text)

    return read


def required_or_off(text: str) -> bool:
    """Read a switch."""
    if text not in {"off", "required"}:
        raise ValueError("is neither off nor required")
    return text == "required"


def path(text: str) -> Path:
    """Read the path of a file or directory."""
    return Path(text).expanduser()


def directory(text: str) -> Path:
    """Read the path of a directory that has to be there."""
    if not path(text).is_dir():
        raise ValueError("is not a directory")
    return path(text)


def new_directory(text: str) -> Path:
    """Read the path of a directory that is made where there is none."""
    if "://" in text:
        raise ValueError("is not a directory; object stores are not supported yet")
    return path(text)


def web_url(text: str) -> str:
    """Read the URL of a server."""
    if not text.startswith(("http://", "https://")):
        raise ValueError("is not a http(s) URL")
    return text
