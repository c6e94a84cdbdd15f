"""The lake: the record as Delta tables, without personal texts, for analysts."""
