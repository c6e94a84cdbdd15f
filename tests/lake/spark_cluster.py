"""A Spark cluster of one machine: a master and workers, each a program of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT
from tests.processes import PATIENCE, adopted, free_port

SPARK = ROOT / ".spark"
"""Where `make spark` puts Spark."""

HOME = SPARK / "pyspark"
DEPLOYED = "org.apache.spark.deploy"
WORKERS = 2
HOST = "127.0.0.1"

needs_spark = [
    pytest.mark.long,
    pytest.mark.skipif(not shutil.which("java"), reason="there is no Java here"),
    pytest.mark.skipif(not SPARK.is_dir(), reason="Spark is not installed: make spark"),
]


def surroundings() -> Mapping[str, str]:
    """Return the environment of programs that use Spark."""
    return os.environ | {
        "PYTHONPATH": f"{ROOT}{os.pathsep}{SPARK}",
        "SPARK_HOME": str(HOME),
        # Or spark-submit runs the first `python3` that it finds.
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": HOST,
    }


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Yield the URL of a master to which all workers have said that they are there."""
    port = free_port()
    url = f"spark://{HOST}:{port}"
    said = folder / "master"
    with ExitStack() as started:
        ui = ("--host", HOST, "--webui-port", "0")
        master = ("master.Master", *ui, "--port", str(port))
        started.enter_context(_program(said, *master))
        _wait_until_said(said, url, 1)
        for number in range(WORKERS):
            own = ("--cores", "1", "--memory", "700m", "--work-dir", str(folder))
            worker = ("worker.Worker", *ui, *own, url)
            started.enter_context(_program(folder / f"worker-{number}", *worker))
        _wait_until_said(said, "Registering worker", WORKERS)
        yield url


def _wait_until_said(said: Path, words: str, times: int) -> None:
    end = time.monotonic() + PATIENCE
    while said.read_text().count(words) < times:
        assert time.monotonic() < end, said.read_text()
        time.sleep(0.1)


@contextmanager
def _program(said: Path, name: str, *arguments: str) -> Iterator[None]:
    with said.open("wb") as output:
        process = adopted(
            subprocess.Popen(
                [
                    HOME / "bin/spark-class",
                    f"org.apache.spark.deploy.{name}",
                    *arguments,
                ],
                env=surroundings(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
