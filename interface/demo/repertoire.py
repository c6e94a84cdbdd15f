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
    (hard_stories.silent, 8),
    (stories.withdrawn, 5),
    (stories.refused, 6),
    (stories.broken, 4),
    (hard_stories.enforced, 5),
    (hard_stories.not_enforceable, 3),
    (hard_stories.appealed, 30),
    (hard_stories.suspended, 3),
    (hard_stories.referred, 2),
)
"""Every course, and its weight among them: how often a case takes it."""


ABOUT_MONEY = (stories.met_half_way, hard_stories.proposed)
"""Courses in which a part of the claim is offered."""


def story_of(case: SampleCase) -> Story:
    """Choose a course that fits what the case is about."""
    courses, weights = zip(
        *filter(lambda row: _fits(row[0], case), STORIES), strict=True
    )
    chosen: Callable[[SampleCase], Story] = case.chance.choices(courses, weights)[0]
    return chosen(case)


def _fits(course: Callable[[SampleCase], Story], case: SampleCase) -> bool:
    if course in ABOUT_MONEY:
        return case.is_about_money
    # The seller fails to perform: what the buyer has to do first is not waited for.
    if course is stories.broken:
        return case.command.claim.kind != "return-and-refund"
    # Only fakes are a matter for the authority.
    fake = case.scene.reason == "counterfeit-suspected"
    return fake or course is not hard_stories.referred
