"""The shape of the tree: promises that are tests, and measures of how far it is."""
