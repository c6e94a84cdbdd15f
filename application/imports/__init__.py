"""Imports history from other systems: from a file, by a mapping, inventing nothing."""
