"""Every command that clients send on a case, and how. The clock's have no route.

The table drives the handlers, their documentation and the actions that a case offers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import chain

from domain.case.command import Command
from interface.api.commands import (
    admission,
    appeal,
    deadlines,
    enforcement,
    escalation,
    evidence,
    filing,
    inquiries,
    mediators,
    negotiation,
    notices,
    performance,
    privacy,
    ruling,
    sanctions,
    suspension,
)
from interface.api.commands.command_route import CommandRoute

STEPS = (
    filing,
    admission,
    mediators,
    negotiation,
    escalation,
    evidence,
    inquiries,
    ruling,
    appeal,
    performance,
    enforcement,
    sanctions,
    suspension,
    deadlines,
    notices,
    privacy,
)


def _by_command() -> Mapping[type[Command], tuple[CommandRoute, ...]]:
    found: dict[type[Command], list[CommandRoute]] = defaultdict(list)
    for route in chain.from_iterable(step.ROUTES for step in STEPS):
        found[route.command].append(route)
    return {command: tuple(routes) for command, routes in found.items()}


ROUTES = _by_command()
