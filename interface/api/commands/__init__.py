"""The commands that clients send: path, body and words of each."""
