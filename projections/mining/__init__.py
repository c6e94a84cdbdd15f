"""Logs for process mining: the record's cases as OCEL and XES, without texts."""
