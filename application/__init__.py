"""What is remembered and how: rules loaded, facts recorded, order given, files kept."""
