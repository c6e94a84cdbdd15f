"""Closed cases under a draft of a policy profile."""
