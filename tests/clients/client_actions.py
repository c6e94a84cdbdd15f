"""Writes the table of actions of `redress-client` from the OpenAPI document."""

from __future__ import annotations

import re
from typing import Any

from tests.clients.schema_types import python_name

HEAD = '''\
"""Actions of a case and their operations: written from the OpenAPI document.

Do not edit: `CLIENT=write pytest tests/clients/test_client_package.py` writes it anew.
"""

from __future__ import annotations

ACTIONS = {
{rows}
}
"""The name of an action, as cases tell it, to the name of its operation."""
'''
_ACTION = re.compile(r"/v1/disputes/\{dispute_id\}/(.+)")


def actions(document: dict[str, Any]) -> str:
    """Return the module's text."""
    rows = {
        re.sub(r"/\{\w+\}", "", found[1]).replace("/", "-"): python_name(
            item["post"]["operationId"]
        )
        for path, item in document["paths"].items()
        if "post" in item and (found := _ACTION.fullmatch(path))
    }
    lines = "\n".join(f'    "{name}": "{rows[name]}",' for name in sorted(rows))
    return HEAD.replace("{rows}", lines)
