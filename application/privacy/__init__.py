"""Personal data: its keys, who may read it, and how a data subject is erased."""
