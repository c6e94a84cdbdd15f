"""Cases of any number, made for tests of scale."""
