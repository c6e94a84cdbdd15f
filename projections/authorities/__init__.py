"""Reports in the forms that authorities ask for, from the figures of `metrics.toml`."""
