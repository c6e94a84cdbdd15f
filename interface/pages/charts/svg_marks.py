"""Marks: what a chart is drawn of, each one element of an SVG.

Their `kind` is a list of CSS classes, so that the page's tokens decide the colours. A
drawing that leaves the page gets the same colours as attributes (`chart_export`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from msgspec import Struct

BODY, SMALL = 13.0, 12.0
"""Sizes of words in user units."""

FIRST_WIDE = 0x2E80
"""From here on, characters of Unicode are as wide as they are high."""

Painted = Callable[[str], str]
"""Returns the attributes of a kind of mark: its classes, or their colours."""


def width_of(words: str, kind: str = "") -> float:
    """Return about how wide words are, in user units; rather too much than too little.

    The server has no fonts: most letters and digits are narrower than this.
    """
    size = SMALL if "t-s" in kind.split() else BODY
    em = sum(1.0 if ord(one) >= FIRST_WIDE else 0.58 for one in words)
    return em * size * (1.04 if "t-b" in kind.split() else 1.0)


class Extent(Struct, frozen=True):
    """The rectangle that a mark fills."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Extent) -> bool:
        """Tell whether two rectangles lie over one another."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Text(Struct, frozen=True):
    """Words; `y` is their base line, and `x` begin, middle or end, by the kind."""

    x: float
    y: float
    words: str
    kind: str = ""

    @property
    def extent(self) -> Extent:
        """Return where the words stand."""
        wide, kinds = width_of(self.words, self.kind), self.kind.split()
        left = self.x
        if "t-end" in kinds:
            left -= wide
        elif "t-mid" in kinds:
            left -= wide / 2
        return Extent(left, self.y - 10, left + wide, self.y + 3)

    def svg(self, painted: Painted) -> str:
        """Write the element."""
        at = f'x="{self.x:.1f}" y="{self.y:.1f}"'
        return f"<text {at}{painted(f'text {self.kind}')}>{escape(self.words)}</text>"


class Line(Struct, frozen=True):
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    kind: str

    def svg(self, painted: Painted) -> str:
        """Write the element."""
        begin = f'x1="{self.x1:.1f}" y1="{self.y1:.1f}"'
        end = f'x2="{self.x2:.1f}" y2="{self.y2:.1f}"'
        return f"<line {begin} {end}{painted(self.kind)}/>"


class Rectangle(Struct, frozen=True):
    """A rectangle; `fill` names the pattern that fills it, if one does."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    fill: str | None = None

    @property
    def extent(self) -> Extent:
        """Return where it stands."""
        return Extent(self.x, self.y, self.x + self.width, self.y + self.height)

    def svg(self, painted: Painted) -> str:
        """Write the element."""
        at = f'x="{self.x:.1f}" y="{self.y:.1f}"'
        size = f'width="{max(self.width, 0.5):.1f}" height="{self.height:.1f}"'
        fill = f' fill="url(#{self.fill})"' if self.fill else ""
        return f"<rect {at} {size}{fill}{painted(self.kind)}/>"


class Dot(Struct, frozen=True):
    """A disc: a value of the headline definition."""

    x: float
    y: float
    kind: str
    radius: float = 6

    def svg(self, painted: Painted) -> str:
        """Write the element."""
        at = f'cx="{self.x:.1f}" cy="{self.y:.1f}" r="{self.radius:g}"'
        return f"<circle {at}{painted(self.kind)}/>"


class Diamond(Struct, frozen=True):
    """A square on its corner: a value of the other definition, or series."""

    x: float
    y: float
    kind: str
    radius: float = 6

    def svg(self, painted: Painted) -> str:
        """Write the element."""
        r = f"{self.radius:g}"
        path = f"M{self.x:.1f} {self.y - self.radius:.1f}l{r} {r}l-{r} {r}l-{r} -{r}z"
        return f'<path d="{path}"{painted(self.kind)}/>'


class Polyline(Struct, frozen=True):
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    kind: str

    def svg(self, painted: Painted) -> str:
        """Write the element."""
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)
        return f'<polyline points="{points}"{painted(self.kind)}/>'


class Hatch(Struct, frozen=True):
    """The pattern that stands for what is withheld; `id` is its name in the page."""

    id: str

    def svg(self, painted: Painted) -> str:
        """Write the element."""
        stripe = f'<line x1="0" y1="0" x2="0" y2="6"{painted("hatch-line")}/>'
        return (
            f'<defs><pattern id="{self.id}" width="6" height="6"'
            ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f"{stripe}</pattern></defs>"
        )


Mark = Text | Line | Rectangle | Dot | Diamond | Polyline | Hatch


def by_classes(kind: str) -> str:
    """Return the attribute that lets a page's style sheet paint a mark."""
    names = kind.removeprefix("text ").strip()
    return f' class="{names}"' if names and names != "text" else ""


def written(marks: Sequence[Mark], painted: Painted = by_classes) -> str:
    """Write marks one below the other, in the order in which they cover each other."""
    return "\n".join(mark.svg(painted) for mark in marks)
