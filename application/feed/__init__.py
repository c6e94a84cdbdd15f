"""Recorded events as others are told of them: the message, and its place."""
