"""Tests: the domain purely, the store and the views on a real PostgreSQL, the whole."""

import pytest

# So that a failing given(...).then(...) shows what differs; it stands beside tests.
_ROOMS = ("bundle", "domain", "http", "log", "privacy", "projections", "scenario")
pytest.register_assert_rewrite(*(f"tests.{room}" for room in _ROOMS))
