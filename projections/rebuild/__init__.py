"""Rebuilds views from the first event, next to the live ones, and swaps them in.

The ledger is read once, and its bytes are spilt to a file for each bucket of cases;
then the buckets are folded by several processes, whole cases at a time.
"""
