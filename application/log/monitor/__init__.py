"""The monitor: follows a log from outside, by what it publishes, and checks it all."""
