"""Recomputes the log from the rows of the record, and names the first difference."""
