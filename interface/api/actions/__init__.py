"""The actions that a case offers: where they are sent, what their fields may hold."""
