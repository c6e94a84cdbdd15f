"""Notices that leave the house: what they say, and how mail and SMS carry them."""
