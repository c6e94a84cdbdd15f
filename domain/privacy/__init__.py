"""Legal holds, restricted processing, and erasure."""
