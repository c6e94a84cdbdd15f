"""What clients are shown; who looks decides how much."""
