"""The database schemas: numbered SQL files, and code to apply and check them."""
