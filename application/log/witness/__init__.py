"""Witnesses: how a log asks them for cosignatures, and how to be one for other logs."""
