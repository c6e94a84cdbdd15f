"""The desk: the queue and the cases of mediators and supervisors."""
