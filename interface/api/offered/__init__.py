"""The actions that a case offers: where they are sent, and what their fields may hold.

It imports what is sent, what is shown, and the conventions.
"""
