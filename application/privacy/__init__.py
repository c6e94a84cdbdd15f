"""Personal data: the keys that seal it, who may read it, and erasure."""
