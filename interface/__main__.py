"""`python -m interface` is `redress`."""

from interface.cli.main import main

main()
