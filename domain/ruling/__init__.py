"""The ruling, and its review by a human (4.3.4)."""
