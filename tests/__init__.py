"""Tests: the domain purely, the store and the views on a real PostgreSQL, the whole."""
