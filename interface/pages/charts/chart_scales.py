"""Scales: from the numbers of a chart to places in its drawing."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, log10
from typing import Literal

from msgspec import Struct

ABOUT = 4
"""Near how many ticks an axis has."""


class Frame(Struct, frozen=True):
    """The room a chart is drawn in, in user units; the kind is its CSS class.

    A chart is drawn twice: shrinking one drawing makes its words too small on a phone.
    """

    kind: Literal["wide", "narrow"]
    width: float

    @property
    def is_wide(self) -> bool:
        """Tell whether there is room for names beside what they name."""
        return self.kind == "wide"


FULL, HALF, PHONE = Frame("wide", 1100), Frame("wide", 520), Frame("narrow", 330)


class Linear(Struct, frozen=True):
    """A scale that maps numbers from `low` to `high` onto `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a number, to a tenth of a unit."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self, about: int = ABOUT) -> Iterator[float]:
        """Yield near `about` round numbers: multiples of 1, 2 or 5 times 10**n."""
        step = round_step(self.high - self.low, about)
        for n in range(ceil(self.low / step), floor(self.high / step) + 1):
            yield n * step


class Bands(Struct, frozen=True):
    """A scale that maps the rows of a chart onto equal bands, from the top."""

    count: int
    start: float
    height: float

    def middle(self, row: int) -> float:
        """Return the middle of a row."""
        return self.start + (row + 0.5) * self.height

    @property
    def end(self) -> float:
        """Return the lower edge of the last row."""
        return self.start + self.count * self.height


def round_step(length: float, about: int = ABOUT) -> float:
    """Return the least round step that divides a length into `about` parts or fewer."""
    rough = length / about
    power = 10.0 ** floor(log10(rough))
    # In floats, a length of 10**n may come out as slightly more than that.
    return next(s * power for s in (1, 2, 5, 10) if s * power >= rough * (1 - 1e-9))


def round_top(most: float, about: int = ABOUT) -> float:
    """Return the round number at which an axis ends that has to hold `most`."""
    if most <= 0:
        return 1
    step = round_step(most, about)
    return ceil(most / step - 1e-9) * step
