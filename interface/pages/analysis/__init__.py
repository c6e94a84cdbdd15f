"""The page of analysts: exact figures, and every way to take data from here."""
