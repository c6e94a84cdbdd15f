"""What a test says to the hooks that schemathesis loads in a process of its own."""

KNOWN = "REDRESS_KNOWN"
"""The environment variable with the role, and what there is, as JSON."""
