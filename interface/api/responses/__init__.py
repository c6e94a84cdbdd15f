"""What clients are shown; how much depends on the reader."""
