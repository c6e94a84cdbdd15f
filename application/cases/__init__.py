"""Use cases: what HTTP and the command line do with cases alike."""
