"""The record as auditors and regulators read it: search, cases, samples, accesses."""
