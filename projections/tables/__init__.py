"""The tables of views: how they are made, filled, added up and guarded."""
