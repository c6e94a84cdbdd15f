"""Takes over history from other systems: a file, a mapping, and nothing invented."""
