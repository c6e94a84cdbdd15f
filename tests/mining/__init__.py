"""Logs for process mining, and how a reader of those formats takes them."""
