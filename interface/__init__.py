"""What the world talks to: HTTP, the command line, settings, and the wiring."""
