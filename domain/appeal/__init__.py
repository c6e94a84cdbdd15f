"""The appeal: each side once, decided by another person (4.4, +)."""
