"""The page of the platform's own programs: what they see, and what they may do."""
