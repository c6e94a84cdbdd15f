"""Tells endpoints of platforms what was recorded, and keeps at it until they know."""
