"""What people and programs use: HTTP, the command line, settings, and the wiring."""
