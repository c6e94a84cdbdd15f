"""The audit trail: its rows, and what finds events in it."""
