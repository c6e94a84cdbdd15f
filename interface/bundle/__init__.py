"""Makes bundles: puts a case into words, and everything into one file."""
