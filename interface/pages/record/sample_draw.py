"""What a sample is drawn from, as an address says it, and what is wrong with it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from application.bundle.bundle_set import MOST_CASES
from interface.api.parameters import name_of
from interface.api.problems import Failure
from interface.api.request_context import RequestContext
from interface.api.tenancy import asked_platform
from interface.pages.record.known_platforms import known_platforms
from interface.pages.record.typed_times import typed_time
from interface.pages.sealed_terms import Sealer, Terms
from projections.queue.case_conditions import Filters

NAMES = ("seller", "platform", "since", "until", "count", "seed")
TERMS = Terms("samples", frozenset({"seller"}))
USUAL = "20"
MOST_SEED = 64
_COUNT = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
_SEED = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
"""Nothing that a shell reads as more than a word: the page shows a command with it."""


class Draw(Struct, frozen=True, kw_only=True):
    """A draw that can be made: of which cases, with which seed, how many.

    `texts` are what was asked for, by the names of the address.
    """

    filters: Filters
    seed: str
    count: int
    texts: dict[str, str]

    def query(self, sealer: Sealer) -> str:
        """Return the query with which the same sample is drawn again."""
        said = [(name, text) for name, text in self.texts.items() if text]
        return sealer.sealed(TERMS, said)


class BadDraw(Exception):
    """A draw that cannot be made; `flaws` are the codes of what is wrong, by name."""

    def __init__(self, texts: dict[str, str], flaws: dict[str, str]) -> None:
        super().__init__("bad draw")
        self.texts = texts
        self.flaws = flaws


def new_seed() -> str:
    """Return a seed that nobody has chosen."""
    return secrets.token_hex(8)


def draw_of(context: RequestContext, asked: Mapping[str, str]) -> Draw:
    """Return the draw that an address asks for. Raises BadDraw."""
    texts = {name: asked.get(name, "").strip() for name in NAMES}
    flaws: dict[str, str] = {}
    since, until = _period(texts, context.system.zone, flaws)
    if not _COUNT.fullmatch(texts["count"]) or int(texts["count"]) > MOST_CASES:
        flaws["count"] = "count"
    if not _SEED.fullmatch(texts["seed"]):
        flaws["seed"] = "seed"
    platform = _platform(context, texts, flaws)
    if context.caller.platform is None and "platform" not in flaws:
        _check_known(context, texts["platform"], flaws)
    if flaws:
        raise BadDraw(texts, flaws)
    filters = Filters(
        now=context.system.clock(),
        platform=platform,
        seller=texts["seller"] or None,
        opened_since=since,
        opened_until=until,
        reader=context.actor,
    )
    count = int(texts["count"])
    return Draw(filters=filters, seed=texts["seed"], count=count, texts=texts)


def _period(
    texts: dict[str, str], zone: str, flaws: dict[str, str]
) -> tuple[datetime | None, datetime | None]:
    times: list[datetime | None] = []
    for name in ("since", "until"):
        try:
            text = texts[name]
            ends = name == "until"
            times.append(typed_time(text, zone, ends=ends) if text else None)
        except ValueError:
            flaws[name] = "time"
            times.append(None)
    since, until = times
    if since and until and until <= since:
        flaws["until"] = "order"
    return since, until


def _check_known(context: RequestContext, asked: str, flaws: dict[str, str]) -> None:
    """Note a platform that there is not: of none of its cases a sample is drawn."""
    if asked and asked not in known_platforms(context):
        flaws["platform"] = "no-platform"


def _platform(
    context: RequestContext, texts: dict[str, str], flaws: dict[str, str]
) -> str | None:
    try:
        name_of("seller", texts["seller"])
    except Failure:
        flaws["seller"] = "name"
        return None
    try:
        asked, seller = texts["platform"] or None, texts["seller"] or None
        return asked_platform(context.caller, asked, seller=seller)
    except Failure:
        flaws["platform"] = "platform"
        return None
