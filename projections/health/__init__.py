"""How all parts fare: one list of findings for health, doctor and metrics."""
