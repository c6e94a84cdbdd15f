"""The people and the application of the HTTP tests, here too."""

from tests.http.conftest import background, http, people, system

__all__ = ["background", "http", "people", "system"]
