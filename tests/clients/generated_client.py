"""The generated part of `redress-client`, as the present document makes it."""

from __future__ import annotations

from pathlib import Path

from tests.clients.client_actions import actions
from tests.clients.client_models import models
from tests.clients.client_operations import operations
from tests.http_app import document

CLIENT = Path(__file__).parents[2] / "interface" / "client"
WRITERS = {
    "actions.py": actions,
    "models.py": models,
    "operations.py": operations,
}


def generated() -> dict[Path, str]:
    """Return the generated files with their texts."""
    made = document()
    folder = CLIENT / "generated"
    return {folder / name: write(made) for name, write in WRITERS.items()}
