"""Sample cases: seeded, plausible, played through the real commands."""
