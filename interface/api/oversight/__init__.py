"""Endpoints that look into the record and over all cases: audit, proofs, figures.

It asks about a case as the endpoints of `disputes` do, and so imports from there; from
what is sent and shown, and from the conventions, too. None imports from here.
"""
