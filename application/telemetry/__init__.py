"""What operators see of the work: how long its steps take, and spans of traces."""
