"""What a sample case is about: goods, complaint, answers, evidence, findings."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from domain.policy.regulation import Bilingual


class Shown(Bilingual, frozen=True, kw_only=True):
    """A piece of evidence: its kind, and the note that comes with it."""

    kind: str


class Question(Struct, frozen=True, kw_only=True):
    """What the platform asks a third party, and the answer."""

    kind: str
    to: str
    question: Bilingual
    answer: Bilingual


class Scene(Struct, frozen=True, kw_only=True):
    """One scene, in which everything fits together; see `scenes.toml`.

    `price`: the lowest and the highest of one, in whole units of money. `share`: how
    much of what was paid is claimed, where less than all is.
    """

    reason: str
    article: str
    price: tuple[int, int]
    claims: tuple[str, ...]
    product: Bilingual
    facts: Bilingual
    contest: Bilingual
    buyer: Shown
    seller: Shown
    issue: Bilingual
    won: Bilingual
    lost: Bilingual
    quantity: int = 1
    share: float = 1
    inquiry: Question | None = None


@cache
def scenes() -> tuple[Scene, ...]:
    """Return all scenes."""
    text = files("interface.demo").joinpath("scenes.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["scenes"], tuple[Scene, ...])


@cache
def texts() -> dict[str, Any]:
    """Return what people say in any scene."""
    text = files("interface.demo").joinpath("texts.toml").read_text("utf-8")
    return tomllib.loads(text)
