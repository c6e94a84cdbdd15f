"""The tables of which every request may read every row, each with the reason.

All others that `redress_api` can read have policies. A test walks the catalogue: a new
table is in this list, has a policy, or is none that requests read.
"""

from __future__ import annotations

from collections.abc import Mapping

OPEN_TABLES: Mapping[str, str] = {
    "followers": "names of views, and how far each has read",
    "log_archive": "checkpoints, as they were published",
    "log_batches": "sizes and hashes of the log's tree, which is one for all platforms",
    "log_checkpoints": "checkpoints, as they are published",
    "log_key_ends": "signed notes, as they are published",
    "log_keys": "public keys of the log",
    "log_tiles": "hashes, as they are published",
    "log_timestamps": "time stamps over checkpoints",
    "report_editions": "reports as they were published, without small numbers",
    "rule_texts": "the rules of all platforms, which are public",
    "statement_keys": "public keys of the application",
}
