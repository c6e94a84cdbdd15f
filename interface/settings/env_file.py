"""Environment files: settings as lines NAME=value, which systemd and a shell read.

Values are quoted as a shell quotes them, in single quotes: systemd reads the same.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from interface.settings.settings import SettingError

_HINT = "; a value with blanks needs quotes: NAME='two words'"
_NAME = re.compile(r"[A-Z][A-Z0-9_]*")


def read_env(path: Path) -> dict[str, str]:
    """Read an environment file. Raises SettingError, naming the file and the line."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "is not UTF-8"
        raise SettingError(f"{path}: {said}") from None
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        name, equals, rest = line.strip().partition("=")
        try:
            words = shlex.split(rest, comments=False)
        except ValueError as error:
            raise SettingError(f"{path}: line {number}: {error}") from None
        if not equals or not _NAME.fullmatch(name) or len(words) > 1:
            raise SettingError(f"{path}: line {number}: is not NAME=value{_HINT}")
        found[name] = words[0] if words else ""
    return found


def load_env(path: Path) -> None:
    """Set the variables of a file; those that are set already stay as they are."""
    for name, value in read_env(path).items():
        os.environ.setdefault(name, value)


def env_line(name: str, value: str) -> str:
    """Return the line that sets a variable. Raises SettingError for a line break."""
    if not value.isprintable():
        raise SettingError(f"{name}: has a line break or another control character")
    return f"{name}={shlex.quote(value)}\n"


def env_text(values: Mapping[str, str]) -> str:
    """Return the content of an environment file."""
    return "".join(env_line(name, value) for name, value in values.items())
