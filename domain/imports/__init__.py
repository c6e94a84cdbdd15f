"""Imported history: what is recorded of it beyond the events that it tells."""
