"""Filing and withdrawal (4.1)."""
