"""Charts of public figures: from data by scales to marks, written as SVG."""
