"""The endpoints that are no commands on a case."""
