"""The case as a whole: its state, its lifecycle, and the way from command to event."""
