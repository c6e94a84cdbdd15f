"""Remembers what the domain decides, and works with it.

There is a room for the record of events, and one each for cases, personal data, access,
imports, bundles, the transparency log, and the jobs that run next to requests. Outside
of rooms are only the rules, the texts that users see, and files that are written whole.
"""
