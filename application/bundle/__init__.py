"""Bundles: one case in one file, with its proofs and what its events mean."""
