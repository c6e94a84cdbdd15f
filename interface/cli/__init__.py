"""The command line: `redress …`."""
