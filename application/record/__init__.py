"""The record: events in envelopes, appended once, ordered, never changed."""
