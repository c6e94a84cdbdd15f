"""What keeps views up with the ledger: read once, evolved once, written together."""
