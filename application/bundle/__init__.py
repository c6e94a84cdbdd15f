"""One case in one file: its events, their proofs, and what is told beside them."""
