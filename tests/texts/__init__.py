"""The words that users see: whole, in both languages, one for each thing."""
