"""The database schemas: numbered SQL files, and what applies and checks them."""
