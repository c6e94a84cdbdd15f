"""Recomputes the log from the rows of the record, and names the first difference.

The database's owner can switch off every trigger and constraint. So nothing here relies
on them: not that positions are positive or unique, that ids come from the sequence, or
that a row of the ledger has an event.
"""
