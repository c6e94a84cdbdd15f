"""Work that goes on beside requests: one leader a job, and the lock it holds."""
