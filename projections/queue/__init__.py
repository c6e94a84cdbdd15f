"""The mediators' queue: its rows, the lists and counts made from them, and claims."""
