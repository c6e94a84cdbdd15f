"""A report from the lake by Spark, where one machine is too small for its cases.

The driver reads the tables' logs; Spark reads the files that these name. So it needs no
jar beside its own. Under `spark-submit` the session is that of the cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pyspark.sql import SparkSession

from projections.figures.portable_numbers import PortableNumbers
from projections.figures.portable_statements import FigureStatements
from projections.figures.sql_dialect import SPARK
from projections.lake.lake_query import standing
from projections.lake.lake_report import figure_rows
from projections.lake.lake_store import Lake
from projections.lake.lake_tables import CASES
from projections.reports.period import Question
from projections.reports.report import Report, assembled

_LAST = """
SELECT * FROM (
    SELECT *, max(position) OVER (PARTITION BY `case`) AS last_position FROM all_cases
) WHERE position = last_position
"""
_SETTINGS = {
    # Times in the lake are UTC, and so are those that definitions compare.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # A bucket's or month's name is a text, whatever it looks like.
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.showConsoleProgress": "false",
    # Cases of one machine are few: tasks and compiled stages would cost more than they.
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.enabled": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}


def spark_report(lake: Lake, question: Question, master: str | None) -> Report:
    """Count all figures over a lake. `master`: None, where spark-submit says it.

    Raises BadQuestion, LakeWrong.
    """
    tables, position = standing(lake, [CASES])
    opened = tables[CASES]
    with _session(master) as spark:
        if files := opened.file_uris():
            reader = spark.read.option("basePath", lake.uri(CASES.name))
            found = reader.option("mergeSchema", "true").parquet(*files)
        else:
            columns = ", ".join(_column(one) for one in CASES.schema)
            found = spark.createDataFrame([], columns)
        found.createOrReplaceTempView("all_cases")
        spark.sql(_LAST).createOrReplaceTempView("cases")
        words = FigureStatements(question, SPARK, "transparency").words
        chosen = spark.sql(figure_rows("cases", words))
        chosen.cache().createOrReplaceTempView("transparency")

        def ask(query: str, given: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
            return [
                row.asDict() for row in spark.sql(query, args=dict(given)).collect()
            ]

        counting = PortableNumbers(ask, SPARK, "transparency")
        return assembled(
            question,
            counting.numbers(question),
            position=position,
            left_out=counting.undated(question),
            start=counting.start,
        )


@contextmanager
def _session(master: str | None) -> Iterator[SparkSession]:
    building = SparkSession.builder.appName("redress")
    settings = _SETTINGS
    if master is not None:
        building = building.master(master)
        settings = settings | (_LOCAL if master.startswith("local") else {})
    for name, value in settings.items():
        building = building.config(name, value)
    spark = building.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


_TYPES = {"string": "STRING", "int64": "BIGINT", "double": "DOUBLE", "bool": "BOOLEAN"}


def _column(field: Any) -> str:
    """Return a column of an empty table, as Spark declares it."""
    return f"`{field.name}` {_TYPES.get(str(field.type), 'TIMESTAMP')}"
