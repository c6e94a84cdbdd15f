"""Inquiries to third parties (4.3.3)."""
