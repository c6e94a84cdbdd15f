"""Who reads what: the access log, its seals in the record, and grants."""
