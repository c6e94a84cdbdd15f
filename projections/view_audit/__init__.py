"""The audit of views: every row held against the record, slice by slice of cases."""
