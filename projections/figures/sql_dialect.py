"""How three engines write in SQL what the figures need, where they write it otherwise.

Everything else that `metrics.toml` and the cuts of reports say is read alike by all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

_FORMATS = {"month": ("%Y-%m", "yyyy-MM"), "year": ("%Y", "yyyy")}


class Dialect(Protocol):
    """One engine's SQL. Times in rows are UTC; `zone` is a column of the rows."""

    def parameter(self, name: str) -> str:
        """Return how a parameter is named in a statement."""

    def local(self, dated: str) -> str:
        """Return a local time: in the zone that is asked for, or that of the case."""

    def calendar(self, cut: str, local: str) -> str:
        """Return the name of the month, quarter or year of a local time."""

    def names(self, names: Sequence[str]) -> str:
        """Return the names of a group as one value."""

    def whole(self, number: str, by: str) -> str:
        """Return the quotient of two integers without its remainder."""

    def octets(self, text: str) -> str:
        """Return the length of a text in bytes, as UTF-8."""

    def micros(self, until: str, since: str) -> str:
        """Return the microseconds between two times."""

    def sorted(self, value: str, only: str) -> str:
        """Return the values of rows that meet a condition, as a sorted list."""

    def item(self, values: str, place: str) -> str:
        """Return an item of a list, by its place from 0; NULL for an empty list."""

    def free_field(self, column: str, name: str) -> str:
        """Return a field of an object that is a text of JSON; NULL if it has none."""


class Postgres:
    """PostgreSQL, where requests and reports are answered from."""

    def parameter(self, name: str) -> str:
        """See Dialect."""
        return f"%({name})s"

    def local(self, dated: str) -> str:
        """See Dialect."""
        return f"({dated} AT TIME ZONE coalesce({self.parameter('zone')}, zone))"

    def calendar(self, cut: str, local: str) -> str:
        """See Dialect."""
        formats = {"month": "YYYY-MM", "quarter": 'YYYY-"Q"Q', "year": "YYYY"}
        return f"to_char({local}, '{formats[cut]}')"

    def names(self, names: Sequence[str]) -> str:
        """See Dialect."""
        return f"ARRAY[{', '.join(names)}]"

    def whole(self, number: str, by: str) -> str:
        """See Dialect."""
        return f"{number} / ({by})"

    def octets(self, text: str) -> str:
        """See Dialect."""
        return f"octet_length({text})"

    def micros(self, until: str, since: str) -> str:
        """See Dialect."""
        return f"(extract(epoch FROM {until} - {since}) * 1000000)::bigint"

    def sorted(self, value: str, only: str) -> str:
        """See Dialect."""
        return f"array_agg({value} ORDER BY {value}) FILTER (WHERE {only})"

    def item(self, values: str, place: str) -> str:
        """See Dialect."""
        return f"{values}[1 + ({place})]"

    def free_field(self, column: str, name: str) -> str:
        """See Dialect."""
        return f"({column}::jsonb ->> '{name}')"


class DuckDb:
    """DuckDB, in the analyst's own process."""

    def parameter(self, name: str) -> str:
        """See Dialect."""
        return f"${name}"

    def local(self, dated: str) -> str:
        """See Dialect."""
        return f"timezone(coalesce({self.parameter('zone')}, zone), {dated})"

    def calendar(self, cut: str, local: str) -> str:
        """See Dialect."""
        if cut == "quarter":
            return f"strftime({local}, '%Y') || '-Q' || quarter({local})"
        return f"strftime({local}, '{_FORMATS[cut][0]}')"

    def names(self, names: Sequence[str]) -> str:
        """See Dialect."""
        return f"[{', '.join(names)}]"

    def whole(self, number: str, by: str) -> str:
        """See Dialect."""
        return f"{number} // ({by})"

    def octets(self, text: str) -> str:
        """See Dialect."""
        return f"strlen({text})"

    def micros(self, until: str, since: str) -> str:
        """See Dialect."""
        return f"(epoch_us({until}) - epoch_us({since}))"

    def sorted(self, value: str, only: str) -> str:
        """See Dialect."""
        return f"list_sort(list({value}) FILTER (WHERE {only}))"

    def item(self, values: str, place: str) -> str:
        """See Dialect."""
        return f"list_extract({values}, CAST(1 + ({place}) AS BIGINT))"

    def free_field(self, column: str, name: str) -> str:
        """See Dialect."""
        return f"json_extract_string({column}, '$.{name}')"


class Spark:
    """Spark, where one machine is too small. Its session's zone has to be UTC."""

    def parameter(self, name: str) -> str:
        """See Dialect."""
        return f":{name}"

    def local(self, dated: str) -> str:
        """See Dialect."""
        zone = f"coalesce({self.parameter('zone')}, zone)"
        return f"from_utc_timestamp({dated}, {zone})"

    def calendar(self, cut: str, local: str) -> str:
        """See Dialect."""
        if cut == "quarter":
            return f"date_format({local}, 'yyyy') || '-Q' || quarter({local})"
        return f"date_format({local}, '{_FORMATS[cut][1]}')"

    def names(self, names: Sequence[str]) -> str:
        """See Dialect."""
        return f"array({', '.join(names)})"

    def whole(self, number: str, by: str) -> str:
        """See Dialect."""
        return f"{number} div ({by})"

    def octets(self, text: str) -> str:
        """See Dialect."""
        return f"octet_length({text})"

    def micros(self, until: str, since: str) -> str:
        """See Dialect."""
        return f"(unix_micros({until}) - unix_micros({since}))"

    def sorted(self, value: str, only: str) -> str:
        """See Dialect."""
        return f"array_sort(collect_list({value}) FILTER (WHERE {only}))"

    def item(self, values: str, place: str) -> str:
        """See Dialect."""
        return f"try_element_at({values}, CAST(1 + ({place}) AS INT))"

    def free_field(self, column: str, name: str) -> str:
        """See Dialect."""
        return f"get_json_object({column}, '$.{name}')"


POSTGRES, DUCKDB, SPARK = Postgres(), DuckDb(), Spark()
