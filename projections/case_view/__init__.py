"""The case as a read model: live, without a table, folded from its own events."""
