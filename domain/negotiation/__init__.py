"""The seller's answer, messages and offers (4.1.3, 4.2)."""
