"""Signs the log: the signer, its keys, what it signed last, and what is published."""
