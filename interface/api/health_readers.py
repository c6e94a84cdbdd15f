"""Who is told what is wrong with an installation, and who may help it."""

from __future__ import annotations

from domain.roles import Role
from interface.api.recorded_reads import WATCHED
from interface.callers.caller import Caller
from interface.settings.settings import Settings


def may_read_health(caller: Caller | None) -> bool:
    """Tell whether the caller may read of cases of all platforms, which health names.

    Operators have the doctor for this; a supervisor has the cases of one platform.
    """
    return caller is not None and caller.role in WATCHED and caller.platform is None


def is_operator(caller: Caller | None, settings: Settings) -> bool:
    """Tell whether the caller runs the installation: a supervisor whom it names so.

    In a sandbox that names nobody, every supervisor does.
    """
    if caller is None or caller.role is not Role.SUPERVISOR:
        return False
    if settings.is_development and not settings.pages.operators:
        return True
    named = (settings.pages.operators or "").split(",")
    return f"{caller.platform}/{caller.subject}" in {one.strip() for one in named}
