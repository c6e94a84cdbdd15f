"""Takes out of a table's log what the library notes of this machine."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

_COMMIT = f"{0:020}.json"


def forget_location(table: Path) -> None:
    """Rewrite the commit that made a table, if it says where on the disk that was.

    A lake is given away as a copy of its files. Nobody reads the location, and all
    else of the commit stays as it was.
    """
    path = table / "_delta_log" / _COMMIT
    # The log is summed up after a time, and its first commit is then gone.
    with suppress(FileNotFoundError):
        lines = [json.loads(one) for one in path.read_text("utf-8").splitlines()]
        found = [_without(one) for one in lines]
        if found != lines:
            part = path.with_name(f".{_COMMIT}.{os.getpid()}")
            text = "\n".join(json.dumps(one, ensure_ascii=False) for one in found)
            part.write_text(text, encoding="utf-8")
            part.replace(path)


def _without(action: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    commit = action.get("commitInfo", {})
    said = commit.get("operationParameters")
    if not isinstance(said, dict) or "location" not in said:
        return action
    kept = {name: one for name, one in said.items() if name != "location"}
    return {"commitInfo": commit | {"operationParameters": kept}}
