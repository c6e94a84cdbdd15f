"""msgspec reports a sentence and no code: a release may change what is read of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
import pytest
from msgspec import Meta, Struct

from application import decode_errors


class Colour(StrEnum):
    RED = "red"


class Body(Struct, forbid_unknown_fields=True, kw_only=True):
    needed: int = 0
    filled: Annotated[str, Meta(min_length=1)] = "x"
    long: Annotated[str, Meta(min_length=3)] = "long"
    short: Annotated[str, Meta(max_length=2)] = "x"
    low: Annotated[int, Meta(le=5)] = 0
    high: Annotated[int, Meta(ge=-1)] = 0
    visible: Annotated[str, Meta(pattern=r"^\S+$")] = "x"
    at: Annotated[datetime, Meta(tz=True)] | None = None
    id: UUID | None = None
    colour: Colour = Colour.RED


class Needing(Struct):
    needed: int


@pytest.mark.parametrize(
    ("sent", "code", "details"),
    [
        ('{"other": 1}', "unknown-field", {"field": "other"}),
        ('{"filled": ""}', "blank", {}),
        ('{"long": "x"}', "too-short", {"limit": "3"}),
        ('{"short": "xxx"}', "too-long", {"limit": "2"}),
        ('{"high": -2}', "too-small", {"limit": "-1"}),
        ('{"low": 6}', "too-high", {"limit": "5"}),
        ('{"visible": " "}', "not-visible", {}),
        ('{"at": "2026-01-01T00:00:00"}', "no-offset", {}),
        ('{"at": "soon"}', "not-a-time", {}),
        ('{"id": "x"}', "not-a-uuid", {}),
        ('{"colour": "blue"}', "not-one-of", {"value": "blue"}),
        (
            '{"needed": "1"}',
            "wrong-type",
            {"expected_type": "int", "got_type": "str"},
        ),
    ],
)
def test_each_sentence_of_msgspec_has_a_code(
    sent: str, code: str, details: dict[str, str]
) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode(sent, type=Body)
    problem = decode_errors.shape_problem("data", str(raised.value))
    assert (problem.code, problem.details) == (code, details)


def test_a_missing_field_is_pointed_at() -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.json.decode("{}", type=Needing)
    problem = decode_errors.shape_problem("data", str(raised.value))
    assert (problem.code, problem.pointer) == ("required", "/needed")
