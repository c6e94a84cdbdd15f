"""What a dispute is, what may happen to it and who decides: pure, no I/O."""
