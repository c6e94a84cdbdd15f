"""Remembers what the domain decides, and works with it.

A room each for the record of events, for cases, personal data, access, imports,
bundles, the transparency log, and the jobs that run beside requests. Loose are only the
rules, the texts that users see, and files that are written whole.
"""
