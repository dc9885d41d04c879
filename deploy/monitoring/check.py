#!/usr/bin/env python3
"""Checks that rules, tests, dashboard and documentation speak of metrics that the program has.

usage: check.py PROGRAM --promtool PROMTOOL

PROGRAM is the built system5, whose table of metrics all are held to; what is written in Prometheus's
own languages is given to promtool.

Needs the packages jsonschema and PyYAML. Exit status 1 when anything disagrees, each disagreement
on a line.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator

FOLDER = Path(__file__).resolve().parent
DASHBOARD = FOLDER / "grafana" / "system5.json"
OPERATIONS = FOLDER.parent / "OPERATIONS.md"
# What Prometheus and its configuration put onto every series.
TARGET_LABELS = {"job", "group", "instance"}
ALERT_LABELS = {"alertname", "alertstate", "severity"}
TEXTS = ("summary", "description", "runbook")
SELECTOR = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\s*\{([^}]*)\}")
MATCHER = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)\s*[\"']")
GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")

DASHBOARD_SCHEMA = {
    "type": "object",
    "required": ["uid", "title", "schemaVersion", "templating", "panels", "time", "refresh"],
    "properties": {
        "uid": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,40}$"},
        "schemaVersion": {"type": "integer", "minimum": 36},
        "id": {"type": "null"},
        "panels": {"type": "array", "minItems": 1, "items": {
            "type": "object",
            "required": ["id", "type", "title", "gridPos"],
            "properties": {
                "id": {"type": "integer", "minimum": 1},
                "type": {"enum": ["row", "stat", "timeseries", "table"]},
                "title": {"type": "string", "minLength": 1},
                "gridPos": {
                    "type": "object", "required": ["x", "y", "w", "h"],
                    "properties": {"x": {"minimum": 0}, "y": {"minimum": 0},
                                   "w": {"minimum": 1, "maximum": 24}, "h": {"minimum": 1}}},
            },
            "if": {"properties": {"type": {"not": {"const": "row"}}}},
            "then": {
                "required": ["datasource", "targets", "fieldConfig", "options", "description"],
                "properties": {
                    "datasource": {"$ref": "#/$defs/datasource"},
                    "targets": {"type": "array", "minItems": 1, "items": {
                        "type": "object",
                        "required": ["refId", "expr", "legendFormat", "datasource"],
                        "properties": {"datasource": {"$ref": "#/$defs/datasource"},
                                       "expr": {"type": "string", "minLength": 1}}}},
                }},
        }},
    },
    # No installation's own name for its source.
    "$defs": {"datasource": {"const": {"type": "prometheus", "uid": "${datasource}"}}},
}

problems: list[str] = []


def problem(where: object, what: object) -> None:
    problems.append(f"{where}: {what}")


class Table:
    """The program's metrics by the names of their samples, each with its labels."""

    def __init__(self, program: str) -> None:
        self.markdown = run([program, "metrics"]).splitlines()
        self.metrics = json.loads(run([program, "metrics", "--json"]))
        self.samples = {"up": set(), "ALERTS": ALERT_LABELS}
        for metric in self.metrics:
            labels = set(metric["labels"])
            if metric["kind"] == "histogram":
                self.samples[metric["name"] + "_bucket"] = labels | {"le"}
                self.samples[metric["name"] + "_sum"] = labels
                self.samples[metric["name"] + "_count"] = labels
            else:
                self.samples[metric["name"]] = labels

    def check(self, where: object, expression: str) -> set[str]:
        """Holds an expression to the table; returns the samples that it names."""
        bare = re.sub(r"\"[^\"]*\"|'[^']*'", '""', expression)
        names = set(re.findall(r"\b(?:system5|process)_\w+", bare))
        known = TARGET_LABELS.union(*(self.samples.get(name, set()) for name in names))
        for name, matchers in SELECTOR.findall(bare):
            names.add(name)
            known |= self.samples.get(name, set())
            for label in set(MATCHER.findall(matchers)) - self.samples.get(name, set()):
                if label not in TARGET_LABELS:
                    problem(where, f"{name} has no label {label}")
        for name in sorted(names - self.samples.keys()):
            problem(where, f"there is no {name}")
        for labels in GROUPING.findall(bare):
            for label in set(re.findall(r"\w+", labels)) - known:
                problem(where, f"nothing in it has the label {label}")
        return names


def run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=FOLDER)
    if done.returncode != 0:
        problem(" ".join(command), (done.stdout + done.stderr).strip())
    return done.stdout


def rules() -> list[dict]:
    return [rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
            for rule in group["rules"]]


def check_rules(table: Table) -> set[str]:
    tests = yaml.safe_load((FOLDER / "alerts.test.yml").read_text())["tests"]
    operations = OPERATIONS.read_text()
    named = set()
    for rule in rules():
        name = rule["alert"]
        named |= table.check(name, rule["expr"])
        if rule["labels"].get("severity") not in ("critical", "warning"):
            problem(name, "its severity is critical or warning")
        for text in set(TEXTS) - rule["annotations"].keys():
            problem(name, f"it has no {text}")
        if f"`{name}`" not in operations:
            problem(name, f"{OPERATIONS.name} does not say what to do")
        check_tests_of(rule, [test for test in tests if test["name"] == name])
    for test in tests:
        for series in test["input_series"]:
            table.check(f"test {test['name']}", series["series"])
    return named


def check_tests_of(rule: dict, tests: list[dict]) -> None:
    name = rule["alert"]
    asked = [case for test in tests for case in test["promql_expr_test"]
             if f'"{name}"' in case["expr"]]
    fired = [sample["labels"] for case in asked for sample in case["exp_samples"]]
    if not fired:
        problem(name, "no test of it fires")
    if all(case["exp_samples"] for case in asked):
        problem(name, "in no test of it all is well")
    labels = {label for sample in fired for label in MATCHER.findall(sample)}
    for label in re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())):
        if label not in labels:
            problem(name, f"a text of it names the label {label}, which it does not have")


def check_dashboard(table: Table, promtool: str) -> set[str]:
    board = json.loads(DASHBOARD.read_text())
    for error in Draft202012Validator(DASHBOARD_SCHEMA).iter_errors(board):
        problem(DASHBOARD.name, f"{error.json_path}: {error.message}")
    panels = board["panels"]
    if len({panel["id"] for panel in panels}) != len(panels):
        problem(DASHBOARD.name, "two panels have the same id")
    check_places(panels)
    asked = [(panel["title"], target["expr"])
             for panel in panels for target in panel.get("targets", [])]
    asked += [(note["name"], note["expr"]) for note in board["annotations"]["list"]
              if "expr" in note]
    check_syntax([expression for _, expression in asked], promtool)
    asked += [(variable["name"], variable["definition"])
              for variable in board["templating"]["list"] if "definition" in variable]
    return {name for title, expression in asked for name in table.check(title, expression)}


def check_places(panels: list[dict]) -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in panels:
        place = panel["gridPos"]
        for x in range(place["x"], place["x"] + place["w"]):
            for y in range(place["y"], place["y"] + place["h"]):
                if x >= 24 or (x, y) in taken:
                    problem(panel["title"], "it lies over another panel, or the edge")
                    return
                taken[x, y] = panel["title"]


def check_syntax(expressions: list[str], promtool: str) -> None:
    """promtool knows nothing of dashboards: it gets their expressions as rules."""
    filled = [re.sub(r"\$(__rate_interval|__interval)", "5m", expression).replace("$", "")
              for expression in expressions]
    recorded = [{"record": f"panel:{number}", "expr": expression}
                for number, expression in enumerate(filled)]
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        yaml.safe_dump({"groups": [{"name": "dashboard", "rules": recorded}]}, file)
        file.flush()
        run([promtool, "check", "rules", file.name])


def check_provisioning() -> None:
    for path in sorted((FOLDER / "grafana" / "provisioning").glob("*/*.yml")):
        content = yaml.safe_load(path.read_text())
        if content.get("apiVersion") != 1 or len(content) != 2:
            problem(path.name, "it has an apiVersion, 1, and one list")


def check_documentation(table: Table) -> None:
    text = OPERATIONS.read_text()
    if "\n".join(table.markdown) not in text:
        problem(OPERATIONS.name, "its table of metrics is not what `system5 metrics` prints")


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("program", metavar="PROGRAM", help="the built system5")
    options.add_argument("--promtool", required=True)
    arguments = options.parse_args()
    promtool = str(Path(arguments.promtool).absolute())
    table = Table(str(Path(arguments.program).absolute()))
    run([promtool, "check", "config", "prometheus.yml"])
    run([promtool, "test", "rules", "alerts.test.yml"])
    watched = check_rules(table) | check_dashboard(table, promtool)
    for metric in table.metrics:
        if not any(name.startswith(metric["name"]) for name in watched):
            problem(metric["name"], "neither a rule nor the dashboard looks at it")
    check_provisioning()
    check_documentation(table)
    for line in problems:
        print(line, file=sys.stderr)
    print(f"monitoring: {len(table.metrics)} metrics, {len(rules())} rules: "
          f"{len(problems) or 'no'} disagreements", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
