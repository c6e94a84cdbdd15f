"""What leaves the record: without personal texts, and under other names."""
