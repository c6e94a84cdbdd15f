"""Parts of the program that need packages which not everybody installs."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from application.operator_error import OperatorError

_EXTRAS = {
    "deltalake": "analytics",
    "duckdb": "analytics",
    "pyarrow": "analytics",
    "pyspark": "spark",
}
"""The packages of extras, by the names under which they are imported."""


def load(place: str) -> Any:
    """Import what "module:attribute" names. Raises OperatorError without its extra."""
    module, _, attribute = place.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        package = str(error.name).partition(".")[0]
        if package not in _EXTRAS:
            raise
        said = f"the extra `{_EXTRAS[package]}` is not installed ({package})"
        how = f"pip install '.[{_EXTRAS[package]}]' in the folder of the sources"
        raise OperatorError(f"{said}: {how}") from None
