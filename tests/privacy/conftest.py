"""The people and the application of the HTTP tests, here too, and cases to look at."""

from tests.http.conftest import background, http, people, system
from tests.privacy.ended_cases import ended_case
from tests.privacy.readers import story

__all__ = ["background", "ended_case", "http", "people", "story", "system"]
