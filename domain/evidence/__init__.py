"""Evidence and the burden of proof (4.3.2)."""
