"""Sees what moves on a page while it loads, after it was first painted.

Scripts are held back until then: what they move would otherwise be seen now and then.
"""

from __future__ import annotations

import time
from typing import Any

HELD_SECONDS = 0.3
"""From the last style to a first paint; scripts come afterwards."""

_SHIFTS = """async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const observer = new PerformanceObserver(() => undefined);
    observer.observe({ type: "layout-shift", buffered: true });
    for (const _ of [1, 2, 3]) await frame();
    await new Promise((done) => setTimeout(done, 0));
    const found = [...window.shifts, ...observer.takeRecords()];
    return found.filter((one) => !one.hadRecentInput).map((one) => {
        const moved = one.sources.map(({ node, previousRect: a, currentRect: b }) =>
            `${node?.nodeName} ${node?.className ?? ""} "${node?.textContent.trim()
                .slice(0, 40)}" ${a.x},${a.y},${a.width}x${a.height} to ${b.x},${b.y},${
                b.width}x${b.height}`);
        return `${one.value.toFixed(5)} ${moved.join("; ")}`;
    });
}"""

_WATCH = """window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries()))
    .observe({ type: "layout-shift", buffered: true });"""


class HeldScripts:
    """Answers the first script of each page after the page has been painted."""

    def __init__(self) -> None:
        self._is_held = False

    def before(self, path: str) -> None:
        """Wait before an answer, if it is that first script's."""
        is_script = path.partition("?")[0].endswith(".js")
        if not path.startswith("/assets/"):
            self._is_held = False
        elif is_script and not self._is_held:
            self._is_held = True
            time.sleep(HELD_SECONDS)


def watch(context: Any) -> None:
    """Have each page of a browser's context note what moves on it."""
    context.add_init_script(_WATCH)


def layout_shifts(page: Any) -> list[str]:
    """Return what has moved on a page since it was first painted."""
    found: list[str] = page.evaluate(_SHIFTS)
    return found
