"""From facts to state: what each event changes in a dispute, a file for each step."""
