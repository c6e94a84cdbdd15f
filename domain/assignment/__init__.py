"""Who has the case, and who may not (2)."""
