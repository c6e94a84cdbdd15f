"""Where the pages of the parties are, and who may ask for them."""

from __future__ import annotations

from typing import Any

from domain.roles import Role
from interface.api.recorded_reads import only_by
from interface.pages.page_options import PAGE

PATH = "/cases"

PARTY: dict[str, Any] = only_by(Role.BUYER, Role.SELLER) | PAGE
BUYER: dict[str, Any] = only_by(Role.BUYER) | PAGE
