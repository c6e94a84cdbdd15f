"""Jobs that run next to requests: one leader for each job, and the lock it holds."""
