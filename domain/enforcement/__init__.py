"""Enforcement (4.4.3)."""
