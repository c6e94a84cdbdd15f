"""The HTTP API: parse, call, present."""
