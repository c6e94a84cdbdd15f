"""Reads sources of many shapes as tables: files of several formats, or a query."""
