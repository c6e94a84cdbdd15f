"""Whether like cases are decided alike: reversals, pairs, lateness, repeated faults."""
