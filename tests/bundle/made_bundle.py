"""The bundle of a case, made as the API and the command line make it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from application.bundle.maker import BundleFile, BundleRequest
from interface.bootstrap import System


def make(system: System, case: UUID, **how: Any) -> BundleFile:
    return system.bundle_maker.make(system.find_case(case), BundleRequest(**how))
