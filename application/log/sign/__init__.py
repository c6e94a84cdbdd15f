"""Signs the log: keys, their history, what was signed last, and the checkpoints."""
