"""Endpoints that look into the record and over all cases: audit, proofs, figures.

They find out who asks as `disputes` does, and so import from there; also from what is
sent and shown, and from the conventions.
"""
