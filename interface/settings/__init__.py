"""What an operator sets: read once from the environment, every mistake named."""
