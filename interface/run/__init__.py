"""The processes: server, worker, signer, witness, and the embedded PostgreSQL."""
