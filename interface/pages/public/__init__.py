"""Pages for everyone: figures, sanctions, rules and the log, without signing in."""
