"""Service of notices (4.3.5)."""
