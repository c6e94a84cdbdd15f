"""Deadlines that pass or are moved, and clocks that stand still (5)."""
