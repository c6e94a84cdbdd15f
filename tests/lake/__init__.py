"""The lake: the record as Delta tables."""
