#!/usr/bin/env python3
"""Checks the Kubernetes files: each against its kind's schema, and against the rest of the project.

usage: check.py [--kubectl KUBECTL]

KUBECTL puts base and overlay together, as `kubectl apply --kustomize` would; without one only the
files are checked. Needs the packages kubernetes-validate and PyYAML. Exit status 1 when anything is
wrong, each thing on a line. Kinds that are not Kubernetes' own are held to what their documentation
asks for, below.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import yaml

FOLDER = Path(__file__).resolve().parent
DEPLOY = FOLDER.parent
VERSION = "1.37"
NAME = "app.kubernetes.io/name"
# The fields that a kind cannot do without.
OTHERS = {
    "TriggerAuthentication": {"apiVersion": "keda.sh/v1alpha1", "needs": ["secretTargetRef"]},
    "ScaledObject": {"apiVersion": "keda.sh/v1alpha1", "needs": ["scaleTargetRef", "triggers"]},
    "ServiceMonitor": {"apiVersion": "monitoring.coreos.com/v1", "needs": ["selector", "endpoints"]},
    "PrometheusRule": {"apiVersion": "monitoring.coreos.com/v1", "needs": ["groups"]},
}

problems: list[str] = []


def problem(where: object, what: object) -> None:
    problems.append(f"{where}: {what}")


def label(document: dict) -> str:
    return f"{document.get('kind')}/{document.get('metadata', {}).get('name')}"


def validate(where: object, document: dict) -> None:
    kind = document["kind"]
    if kind in OTHERS:
        wanted = OTHERS[kind]
        if document["apiVersion"] != wanted["apiVersion"]:
            problem(where, f"{kind} is {wanted['apiVersion']}")
        for field in set(wanted["needs"]) - document["spec"].keys():
            problem(where, f"a {kind} has {field}")
        return
    try:
        kubernetes_validate.validate(document, VERSION, strict=True)
    except kubernetes_validate.ValidationError as error:
        problem(where, f"{'.'.join(map(str, error.path))}: {error.message}")


def documents(path: Path) -> list[dict]:
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def check_files() -> None:
    """What a kustomization names is there, and what is there is named."""
    for path in sorted(FOLDER.rglob("kustomization.yaml")):
        [kustomization] = documents(path)
        named = {path.parent / name for part in ("resources", "components")
                 for name in kustomization.get(part, [])}
        for missing in (name for name in named if not name.exists()):
            problem(path, f"there is no {missing.name}")
        beside = set(path.parent.glob("*.yaml")) - {path}
        for stray in beside - named:
            problem(path, f"does not name {stray.name}")
        for file in beside & named:
            for document in documents(file):
                validate(file.name, document)


def built(kubectl: str, folder: str) -> list[dict]:
    done = subprocess.run([kubectl, "kustomize", str(FOLDER / folder)], capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        problem(folder, done.stderr.strip())
    return [document for document in yaml.safe_load_all(done.stdout) if document]


def check_built(folder: str, found: list[dict]) -> None:
    for document in found:
        validate(f"{folder} {label(document)}", document)
    for selector in (document["spec"]["selector"]["matchLabels"] for document in found
                     if document["kind"] in ("StatefulSet", "PodDisruptionBudget")):
        if selector.get(NAME) != "system5" or "app.kubernetes.io/component" not in selector:
            problem(folder, f"a selector of more, or less, than the workers: {selector}")
    for document in found:
        if document["kind"] in ("StatefulSet", "Job"):
            check_restricted(folder, document["spec"]["template"]["spec"])


def check_restricted(where: str, pod: dict) -> None:
    """Pod Security's restricted profile."""
    security = pod["securityContext"]
    if not security.get("runAsNonRoot") or security["seccompProfile"]["type"] != "RuntimeDefault":
        problem(where, "pods run as a user, under the runtime's seccomp profile")
    for container in pod["containers"]:
        own = container["securityContext"]
        if own.get("allowPrivilegeEscalation") is not False or own["capabilities"] != {"drop": ["ALL"]}:
            problem(where, f"{container['name']} may gain privileges")
        if not own.get("readOnlyRootFilesystem"):
            problem(where, f"{container['name']} may write to its image")


def check_rules() -> None:
    ours = yaml.safe_load((DEPLOY / "monitoring" / "alerts.yml").read_text())["groups"]
    [rule] = documents(FOLDER / "components" / "prometheus-operator" / "prometheusrule.yaml")
    if rule["spec"]["groups"] != ours:
        problem("prometheusrule.yaml", "its rules are not those of monitoring/alerts.yml")


def check_scaler() -> None:
    """No more workers than a topic has partitions, and a trigger for each input."""
    topics = json.loads((DEPLOY.parent / "topics" / "topics.json").read_text())
    inputs = {topics["prefix"] + topic["name"]: topic["partitions"]
              for topic in topics["topics"] if topic["direction"] == "in"}
    [scaler] = documents(FOLDER / "components" / "keda" / "scaledobject.yaml")
    if scaler["spec"]["maxReplicaCount"] > max(inputs.values()):
        problem("scaledobject.yaml", "more workers than a topic has partitions")
    if {trigger["metadata"]["topic"] for trigger in scaler["spec"]["triggers"]} != inputs.keys():
        problem("scaledobject.yaml", "its triggers are not the input topics")


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--kubectl")
    kubectl = options.parse_args().kubectl
    check_files()
    check_rules()
    check_scaler()
    if kubectl:
        for folder in ("base", "overlays/example"):
            check_built(folder, built(kubectl, folder))
    for line in problems:
        print(line, file=sys.stderr)
    print(f"kubernetes: {'put together' if kubectl else 'files only, as there is no kubectl'}: "
          f"{len(problems) or 'no'} problems", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
