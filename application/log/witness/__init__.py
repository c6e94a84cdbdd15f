"""Witnesses: asked for cosignatures, and run to watch other logs."""
