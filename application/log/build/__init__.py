"""Builds the log: entries in batches, and the stored tree over them."""
