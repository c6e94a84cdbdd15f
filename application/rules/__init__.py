"""The rules that decide cases: profiles, code tables, calendars, and their hashes."""
