"""The dashboard and the alerts ask for metrics that there are, in a form that loads."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from litestar.testing import TestClient
from prometheus_client.parser import text_string_to_metric_families

from interface.run.worker import Worker
from tests.http.conftest import (
    People,
    file_for,
    http,
    people,
    system,
)
from tests.http.conftest import whole_worker as background

__all__ = ["background", "http", "people", "system"]

RULES = Path("deploy/prometheus/alerts.yaml")
DASHBOARD = Path("deploy/grafana/redress.json")
NAME = re.compile(r"\b(?:redress|process|python)_[a-z0-9_]+")
LABEL = re.compile(r"\{\{ ?\$?(?:labels\.)?([a-z]+) ?\}\}")
GROUPED = re.compile(r"by \(([a-z, ]+)\)")
OF_PROMETHEUS = {"instance", "job", "le", "value"}
"""Labels that Prometheus adds itself, and the value of an alert."""


def alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    assert group["name"] == "redress"
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text("utf-8"))["panels"]
    return found


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in alerts())
    yield from (one["expr"] for panel in panels() for one in panel["targets"])


@pytest.fixture
def exposed(
    people: People, background: Worker, http: TestClient[Any]
) -> dict[str, set[str]]:
    """Return the labels of every metric that there is, by its name."""
    case = file_for(people)
    people.buyer.get(f"/v1/disputes/{case}")
    background.catch_up()
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(http.get("/metrics").text):
        # One without a sample now, such as of findings, is there all the same.
        found.setdefault(family.name, set())
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_metric_that_is_asked_for_is_told(exposed: dict[str, set[str]]) -> None:
    asked = {name for one in expressions() for name in NAME.findall(one)}
    assert len(asked) > 25
    assert asked - exposed.keys() == set()


def test_what_every_process_counts_of_its_own_is_shown_or_alarms(
    exposed: dict[str, set[str]],
) -> None:
    asked = {name for one in expressions() for name in NAME.findall(one)}
    ours = {name for name in exposed if name.startswith("redress_")}
    families = {re.sub("_(bucket|count|sum|created)$", "", one) for one in asked}
    unused = {
        one
        for one in ours
        if re.sub("_(bucket|count|sum|created)$", "", one) not in families
    }
    # How far each part has come, and when it said so: for those who look closer.
    assert unused == {
        "redress_log_part_reached",
        "redress_log_part_reported_seconds",
        "redress_log_unlogged_events",
        "redress_pool_most",
        "redress_thread_ended",
        "redress_view_audited_seconds",
    }


def test_labels_that_are_named_are_those_of_the_metrics(
    exposed: dict[str, set[str]],
) -> None:
    known = {label for labels in exposed.values() for label in labels} | OF_PROMETHEUS
    known |= {"part", "kind", "severity", "thread"}
    texts = [*expressions(), RULES.read_text(), DASHBOARD.read_text()]
    named = {label for text in texts for label in LABEL.findall(text)}
    grouped = {
        label.strip()
        for text in texts
        for group in GROUPED.findall(text)
        for label in group.split(",")
    }
    assert named | grouped
    assert (named | grouped) - known == set()


def test_an_alert_says_what_is_wrong_and_what_to_do() -> None:
    names = [rule["alert"] for rule in alerts()]
    assert len(names) == len(set(names))
    for rule in alerts():
        assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"].keys() == {"summary", "action"}
        assert re.fullmatch(r"Redress[A-Za-z]+", rule["alert"])
        for page in re.findall(r"docs/[a-z-]+\.md", rule["annotations"]["action"]):
            assert Path(page).is_file()


def test_the_dashboard_has_the_form_that_grafana_loads() -> None:
    whole = json.loads(DASHBOARD.read_text("utf-8"))
    assert whole["uid"] == "redress"
    assert whole["schemaVersion"] >= 36
    source = whole["templating"]["list"][0]
    assert (source["type"], source["query"]) == ("datasource", "prometheus")
    ids = [one["id"] for one in panels()]
    assert len(ids) == len(set(ids)) > 10
    taken = set()
    for one in panels():
        assert one["title"]
        assert one["datasource"] == {"type": "prometheus", "uid": "${source}"}
        place = one["gridPos"]
        assert place["x"] + place["w"] <= 24
        taken.add((place["x"], place["y"]))
        refs = [target["refId"] for target in one["targets"]]
        assert len(refs) == len(set(refs)) > 0
    assert len(taken) == len(ids)


def test_prometheus_itself_takes_the_rules() -> None:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    done = subprocess.run(
        [program, "check", "rules", str(RULES)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


ALARMS = """
rule_files: [{rules}]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - series: redress_deliveries_dead{{kind="webhook", instance="a"}}
        values: 0 0 3 3 3
      - series: redress_pool_waiting{{pool="record", instance="a"}}
        values: 0 2 2 2 2
      - series: redress_pool_idle{{pool="record", instance="a"}}
        values: 4 0 0 0 0
      - series: redress_request_seconds_count{{status="2xx", instance="a"}}
        values: 0+100x20
      - series: redress_request_seconds_count{{status="5xx", instance="a"}}
        values: 0+5x20
    alert_rule_test:
      - eval_time: 1m
        alertname: RedressDeadLetters
        exp_alerts: []
      - eval_time: 3m
        alertname: RedressDeadLetters
        exp_alerts:
          - exp_labels: {{severity: ticket, kind: webhook}}
            exp_annotations:
              summary: 3 messages (webhook) were given up
              action: >-
                redress deliveries lists them; send them again when the receiver
                is well.
      - eval_time: 4m
        alertname: RedressPoolExhausted
        exp_alerts:
          - exp_labels: {{severity: page, pool: record, instance: a}}
            exp_annotations:
              summary: Threads wait for a connection (record, a)
              action: Look for slow statements in pg_stat_activity.
      - eval_time: 15m
        alertname: RedressServerFaults
        exp_alerts:
          - exp_labels: {{severity: page}}
            exp_annotations:
              summary: 4.762% of the requests end with 5xx
              action: >-
                The lines of redress.requests with that status name route and request.
"""


def test_prometheus_raises_the_alerts_when_it_should(tmp_path: Path) -> None:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    cases = tmp_path / "alarms.yaml"
    cases.write_text(ALARMS.format(rules=RULES.absolute()))
    done = subprocess.run(
        [program, "test", "rules", str(cases)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
