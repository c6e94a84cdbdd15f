"""The state of all parts: one list of findings for health, doctor and metrics."""
