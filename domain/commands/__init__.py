"""Everything someone can ask of a dispute, named in the imperative."""
