"""Escalation to the platform (4.3.1)."""
