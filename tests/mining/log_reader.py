"""Reads logs with pm4py and prints what is in them; run in an environment of its own.

pm4py is under the AGPL. Nothing of it is part of the program: it is installed by
`make mining` to see that somebody else's reader takes the files.
"""

# ruff: noqa: T201 - its output is its result
from __future__ import annotations

import json
import sys
from importlib import import_module

# By its name, as this file is checked where it is not installed.
pm4py = import_module("pm4py")
checks = import_module("pm4py.objects.ocel.validation.ocel20_rel_validation")


def read(path: str) -> dict[str, object]:
    """Return how much of everything is in a log."""
    if path.endswith(".xes"):
        frame = pm4py.read_xes(path)
        return {
            "events": len(frame),
            "cases": int(frame["case:concept:name"].nunique()),
            "types": frame["concept:name"].value_counts().to_dict(),
            "first": str(frame["time:timestamp"].min()),
        }
    is_json = path.endswith("json")
    log = pm4py.read_ocel2_json(path) if is_json else pm4py.read_ocel2_sqlite(path)
    wrong = [] if is_json else checks.apply(path)[1]
    return {
        "events": len(log.events),
        "objects": log.objects["ocel:type"].value_counts().to_dict(),
        "types": log.events["ocel:activity"].value_counts().to_dict(),
        "wrong": wrong,
        "pairs": len(log.relations[["ocel:eid", "ocel:oid"]].drop_duplicates()),
        "between": len(log.o2o),
        "first": str(log.events["ocel:timestamp"].min()),
    }


print(json.dumps({path: read(path) for path in sys.argv[1:]}))
