"""Forms of pages: what they show, what comes back, and the files that they bring."""
