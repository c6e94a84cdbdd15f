"""The transparency log: a Merkle tree over the ledger, signed, proved and witnessed."""
