"""Sanctions against a seller (4.4, +)."""
