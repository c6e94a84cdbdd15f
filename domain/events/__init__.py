"""Everything that can happen to a dispute, a file for each step of the flow."""
