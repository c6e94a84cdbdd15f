"""Benchmarks: each against the stock library or the raw database, in the same run."""
