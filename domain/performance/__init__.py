"""Performance, default and closing (4.4.1, 4.4.2, 4.4.4)."""
