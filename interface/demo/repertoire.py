"""Every course that a sample case can take, and how often it does."""

from __future__ import annotations

from collections.abc import Callable

from interface.demo import hard_stories, stories
from interface.demo.cast import SampleCase
from interface.demo.stories import Story

STORIES: tuple[tuple[Callable[[SampleCase], Story], int], ...] = (
    (stories.accepted, 14),
    (stories.met_half_way, 15),
    (hard_stories.proposed, 4),
    (stories.ruled, 16),
    (stories.ruled_late, 5),
    (stories.unanswered, 8),
    (stories.silent, 4),
    (stories.withdrawn, 5),
    (stories.refused, 6),
    (stories.broken, 4),
    (hard_stories.enforced, 5),
    (hard_stories.not_enforceable, 3),
    (hard_stories.appealed, 6),
    (hard_stories.suspended, 3),
    (hard_stories.referred, 2),
)
"""Every course, and how often of a hundred cases one takes it."""


def story_of(case: SampleCase) -> Story:
    """Choose the course of a case."""
    courses, weights = zip(*STORIES, strict=True)
    chosen: Callable[[SampleCase], Story] = case.chance.choices(courses, weights)[0]
    return chosen(case)
