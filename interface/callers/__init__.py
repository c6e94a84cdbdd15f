"""Who calls: bearer tokens, the keys that sign them, and the list of revoked ones."""
