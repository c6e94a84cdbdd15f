"""Errors that need no traceback."""


class OperatorError(Exception):
    """An error whose message is all that an operator needs to mend it."""
