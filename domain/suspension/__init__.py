"""Suspension and resumption (4.4, +)."""
