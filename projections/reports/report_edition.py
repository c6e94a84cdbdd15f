"""What is published of a report: an edition, its manifest, and what it corrects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from projections.reports.period import Question
from projections.reports.public_report import PublicReport
from projections.reports.report import Report

# JSON has one kind of number: an integer is one that has no fraction.
Number = bool | float | str | None


class Difference(Struct, frozen=True, kw_only=True):
    """A number of a figure that an edition gives otherwise than the one before it.

    `number` is its name in the figure, such as `numerator` or `parts.late`; None for a
    number that is not shown, or that there was not. `suppressed` is true or false.
    """

    group: str
    figure: str
    number: str
    before: Number
    after: Number


class Manifest(Struct, frozen=True, kw_only=True):
    """What an edition was made from, so that it can be made again and compared.

    `position`: the last event that its figures know of. `definitions` has the version
    of each figure, `definitions_sha256` is over all of them as `/metrics` serves them.
    `checkpoint` is the signed note of the log's tree with `position` in it, of
    `log_size` entries, if the log was signed so far. `sha256` is of the bytes of the
    public copy,
    `commitment` of a secret salt and the whole report, which overseers can open.
    `differences` are those of the public copies.
    """

    name: str
    period: str
    by: str
    platform: str | None
    edition: int
    published_at: datetime
    position: int
    definitions: Mapping[str, int]
    definitions_sha256: str
    code_version: str
    checkpoint: str | None
    log_size: int | None
    sha256: str
    commitment: str
    reason: str | None = None
    corrects: int | None = None
    differences: tuple[Difference, ...] = ()


class PublishedReport(Struct, frozen=True, kw_only=True):
    """An edition as everyone may read it."""

    manifest: Manifest
    report: PublicReport


class Edition(Struct, frozen=True, kw_only=True):
    """An edition in the list of them."""

    name: str
    edition: int
    published_at: datetime
    position: int
    sha256: str
    reason: str | None
    corrects: int | None


def name_of(question: Question) -> str:
    """Return under which name a report is published: "2026-Q3-category-of-shop"."""
    cut = "" if question.by == "none" else f"-{question.by.replace(',', '-')}"
    # "of", which is no cut: a platform may be called like one.
    platform = f"-of-{question.platform}" if question.platform else ""
    return f"{question.period}{cut}{platform}"


def canonical(value: Any) -> bytes:
    """Write a value in the one form of which digests are taken."""
    return msgspec.json.encode(value, order="deterministic")


def digest(content: bytes) -> str:
    """Return a SHA-256 as hexadecimal digits."""
    return sha256(content).hexdigest()


def differences(
    before: Mapping[str, Any], after: Report | PublicReport
) -> Iterator[Difference]:
    """Yield every number that differs, in the order of the new report.

    `before` is a report as it is read from JSON.
    """
    old, new = dict(_numbers(before)), dict(_numbers(msgspec.to_builtins(after)))
    for key in [*new, *(one for one in old if one not in new)]:
        if old.get(key) != new.get(key):
            group, figure, number = key
            yield Difference(
                group=group,
                figure=figure,
                number=number,
                before=old.get(key),
                after=new.get(key),
            )


def _numbers(
    report: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, str, str], Number]]:
    for group in report["groups"]:
        for figure in group["figures"]:
            about = {k: v for k, v in figure.items() if k not in ("id", "unit")}
            for number, value in _flat("", about):
                yield (group["key"], figure["id"], number), value


def _flat(above: str, value: Any) -> Iterator[tuple[str, Number]]:
    match value:
        case {"amount": amount, "currency": currency}:
            yield f"{above}.{currency}", amount
        case dict():
            for name, one in value.items():
                yield from _flat(f"{above}.{name}" if above else name, one)
        case list() | tuple():
            yield from _each(above, value)
        case _:
            yield above, value


def _each(above: str, values: Iterable[Any]) -> Iterator[tuple[str, Number]]:
    for one in values:
        yield from _flat(above, one)
