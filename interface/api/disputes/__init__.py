"""Endpoints on which a dispute is filed, read, handled and ruled, and how they answer.

They import what is sent, shown and offered, and the conventions.
"""
