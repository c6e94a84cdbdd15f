"""What is remembered and how: rules, the record, cases, the log; and its jobs."""
