"""Figures of transparency: milestones of cases, added up in the figure cube."""
