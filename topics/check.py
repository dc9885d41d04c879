#!/usr/bin/env python3
"""Checks that what this folder says of the contract agrees with itself, and with the program.

usage: check.py [--derive PROGRAM]

Without a program: the definitions, the schemas, the AsyncAPI document, and every example against
them. With one: also that `PROGRAM derive` turns each NAME.in.jsonl into what NAME.expect.jsonl,
worked out by hand, asks for, and into NAME.out.jsonl byte for byte where there is one.

Needs the package jsonschema. Exit status 1 when anything disagrees, each disagreement on a line.
"""

import argparse
import base64
import json
import math
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable

FOLDER = Path(__file__).resolve().parent
EXAMPLES = FOLDER / "examples"
ERRORS = "__system5.errors."
DEPTH_LIMIT = 64
VALUE_LIMIT = 1024 * 1024
DATA_LIMIT = 64 * 1024
FUTURE_LIMIT = timedelta(minutes=5)
RELATIVE_TOLERANCE = 1e-9

problems: list[str] = []


def problem(where: object, what: object) -> None:
    problems.append(f"{where}: {what}")


# --- JSON as the contract takes it --------------------------------------------------------------


class NotJSON(ValueError):
    pass


def parse(raw: bytes) -> object:
    """Strict JSON: valid UTF-8, no repeated keys, none of Python's additions."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = Counter(key for key, _ in pairs)
        if repeated := [key for key, times in keys.items() if times > 1]:
            raise NotJSON(f"repeated key {repeated[0]!r}")
        return dict(pairs)

    def refuse(constant: str) -> None:
        raise NotJSON(f"{constant} is not JSON")

    try:
        return json.loads(raw.decode(), object_pairs_hook=unique, parse_constant=refuse)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise NotJSON(str(error)) from error


def read_lines(path: Path) -> list[dict]:
    return parse_lines(path.read_bytes(), path.name)


def parse_lines(text: bytes, name: str) -> list[dict]:
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            lines.append(parse(line))
        except NotJSON as error:
            problem(f"{name}:{number}", error)
    return lines


def depth(value: object) -> int:
    children = value.values() if isinstance(value, dict) else value
    return 1 + max(map(depth, children), default=0) if isinstance(value, (dict, list)) else 0


def value_bytes(line: dict) -> bytes | None:
    if "value_base64" in line:
        return base64.b64decode(line["value_base64"], validate=True)
    if "value" in line:
        return json.dumps(line["value"], ensure_ascii=False, separators=(",", ":")).encode()
    return None


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- schemas ------------------------------------------------------------------------------------


class Schemas:
    def __init__(self) -> None:
        self.documents = {}
        for path in sorted(FOLDER.glob("schemas/*.schema.json")):
            self.documents[path.name] = document = parse(path.read_bytes())
            if document.get("$id") != path.name:
                problem(path.name, f"its $id is {document.get('$id')!r}")
            try:
                Draft202012Validator.check_schema(document)
            except SchemaError as error:
                problem(path.name, error.message)
        self.registry = Registry().with_resources(
            (name, Resource.from_contents(document)) for name, document in self.documents.items()
        )
        for name, document in self.documents.items():
            resolver = self.registry.resolver(base_uri=name)
            for reference in references(document):
                try:
                    resolver.lookup(reference)
                except Unresolvable:
                    problem(name, f"$ref {reference} leads nowhere")
        self.by_type = {}
        for name, document in self.documents.items():
            if kind := document.get("properties", {}).get("type", {}).get("const"):
                self.by_type[kind] = name

    def complaints(self, name: str, instance: object) -> list[str]:
        validator = Draft202012Validator(self.documents[name], registry=self.registry)
        return [f"{error.json_path} {error.message}" for error in validator.iter_errors(instance)]

    def definition(self, name: str) -> dict:
        return self.documents["common.schema.json"]["$defs"][name]

    def is_result(self, kind: str) -> bool:
        return self.documents[self.by_type[kind]].get("$ref") == "result.schema.json"

    def data_keys(self, kind: str) -> list[str]:
        """The keys of a result's data, in the order in which the contract lists them."""
        data = self.documents[self.by_type[kind]]["properties"]["data"]
        if "$ref" in data:
            data = self.definition(data["$ref"].rpartition("/")[2])
        return list(data["properties"])


def references(node: object):
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


# --- definitions and AsyncAPI -------------------------------------------------------------------


def check_definitions() -> dict[str, dict]:
    document = parse((FOLDER / "topics.json").read_bytes())
    schema = parse((FOLDER / "topics.schema.json").read_bytes())
    for error in Draft202012Validator(schema).iter_errors(document):
        problem("topics.json", f"{error.json_path} {error.message}")
    topics = {document["prefix"] + topic["name"]: topic for topic in document["topics"]}
    if len(topics) != len(document["topics"]):
        problem("topics.json", "two topics have one name")
    for name, topic in topics.items():
        model = topics.get(document["prefix"] + topic.get("partitions_of", topic["name"]))
        if model is None or model["partitions"] != topic["partitions"]:
            problem("topics.json", f"{name} needs as many partitions as {topic['partitions_of']}")
        if topic["direction"] == "internal" and "partitions_of" not in topic:
            problem("topics.json", f"{name} is internal and does not say which topic it follows")
    return topics


def check_asyncapi(topics: dict[str, dict], schemas: Schemas) -> dict[str, set[str]]:
    """Answers which types of message each topic carries."""
    name = "asyncapi.json"
    document = parse((FOLDER / name).read_bytes())
    if not str(document.get("asyncapi", "")).startswith("3."):
        problem(name, "is not AsyncAPI 3")
    for reference in references(document):
        if follow(document, reference) is None:
            problem(name, f"$ref {reference} leads nowhere")
    channels = {channel["address"]: channel for channel in document["channels"].values()}
    for missing in topics.keys() ^ channels.keys():
        problem(name, f"{missing} is in only one of topics.json and the channels")
    carried = {}
    for address in topics.keys() & channels.keys():
        check_channel(address, channels[address], topics[address])
        messages = [follow(document, m["$ref"]) for m in channels[address]["messages"].values()]
        carried[address] = {message["name"] for message in messages if message}
    check_messages(document, schemas)
    check_operations(document, topics)
    for kind in schemas.by_type.keys() - set().union(*carried.values()):
        problem(name, f"no channel carries {kind}")
    return carried


def check_channel(address: str, channel: dict, topic: dict) -> None:
    where, binding = f"asyncapi.json {address}", channel["bindings"]["kafka"]
    if binding["topic"] != address or binding["partitions"] != topic["partitions"]:
        problem(where, "its Kafka binding is not what topics.json says")
    said = {
        key: ",".join(value) if isinstance(value, list) else str(value)
        for key, value in binding["topicConfiguration"].items()
    }
    if said != topic["config"]:
        problem(where, f"its configuration {said} is not that of topics.json")


def check_messages(document: dict, schemas: Schemas) -> None:
    for key, message in document["components"]["messages"].items():
        schema = message.get("payload", {}).get("schema")
        if schema and schemas.by_type.get(message["name"]) != Path(schema["$ref"]).name:
            problem(f"asyncapi.json {key}", f"{schema['$ref']} is not for {message['name']}")


def check_operations(document: dict, topics: dict[str, dict]) -> None:
    expected = {"in": {"receive"}, "out": {"send"}, "internal": {"receive", "send"}}
    actions = {address: set() for address in topics}
    for key, operation in document["operations"].items():
        channel = follow(document, operation["channel"]["$ref"])
        if channel is None or channel["address"] not in actions:
            problem(f"asyncapi.json {key}", "has no channel of topics.json")
            continue
        actions[channel["address"]].add(operation["action"])
        prefix = operation["channel"]["$ref"] + "/messages/"
        if not all(message["$ref"].startswith(prefix) for message in operation["messages"]):
            problem(f"asyncapi.json {key}", "names a message of another channel")
    for address, topic in topics.items():
        if actions[address] != expected[topic["direction"]]:
            problem(f"asyncapi.json {address}", f"operations {sorted(actions[address])}")


def follow(document: dict, reference: str) -> object | None:
    path, _, pointer = reference.partition("#")
    node: object = document
    if path:
        target = FOLDER / path
        if not target.is_file():
            return None
        node = parse(target.read_bytes())
    for part in filter(None, pointer.split("/")):
        key = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, dict) or key not in node:
            return None
        node = node[key]
    # A channel's message is itself a reference to the component.
    if isinstance(node, dict) and node.keys() == {"$ref"}:
        return follow(document, node["$ref"])
    return node


# --- input --------------------------------------------------------------------------------------


def event_of(line: dict, value: object) -> object:
    """The event as one object, whichever CloudEvents mode it came in."""
    headers = line.get("headers") or {}
    if headers.get("content-type", "").startswith("application/cloudevents+json"):
        return value
    if not any(name.startswith("ce_") for name in headers):
        return value
    attributes = {name[3:]: text for name, text in headers.items() if name.startswith("ce_")}
    return attributes | {"data": value}


def refusal(line: dict, schemas: Schemas, carried: dict[str, set[str]]) -> str | None:
    """The code of the dead letter that the schemas alone call for."""
    if line.get("key") is None:
        return "missing-key"
    key = Draft202012Validator(schemas.definition("system"))
    if not key.is_valid(line["key"]):
        return "bad-key"
    if not (raw := value_bytes(line)):
        return "empty-value"
    if len(raw) > VALUE_LIMIT:
        return "too-large"
    try:
        value = parse(raw)
    except NotJSON:
        return "not-json"
    if depth(value) > DEPTH_LIMIT:
        return "too-deep"
    event = event_of(line, value)
    if schemas.complaints("event.schema.json", event):
        return "not-cloudevent"
    if event["type"] not in carried[line["topic"]]:
        return "unsupported-type"
    if schemas.complaints(schemas.by_type[event["type"]], event):
        return "invalid-data"
    return None


# These need what came before, the clock of the record, or a setting: no schema can see them.
BEYOND_SCHEMAS = {
    "future-dated", "expired", "limit-exceeded", "unknown-policy", "policy-deleted",
    "policy-not-deleted", "version-conflict", "version-not-found", "unknown-adaptation",
}  # fmt: skip


def positions(lines: list[dict]) -> list[str]:
    """Where each line is, with offsets counted for those that leave them out."""
    following: Counter[tuple[str, int]] = Counter()
    named = []
    for line in lines:
        place = (line["topic"], line.get("partition", 0))
        offset = line.get("offset", following[place])
        following[place] = offset + 1
        named.append(f"{place[0]}-{place[1]}@{offset}")
    return named


def check_input(name: str, lines: list[dict], expected: list[dict], schemas, carried) -> None:
    codes = {entry["record"]: entry["code"] for entry in expected if "code" in entry}
    for number, (line, position) in enumerate(zip(lines, positions(lines)), 1):
        where = f"{name}.in.jsonl:{number}"
        for complaint in schemas.complaints("record-line.schema.json", line):
            problem(where, complaint)
        code = codes.pop(position, None)
        by_schema = None if code in BEYOND_SCHEMAS else code
        if (found := refusal(line, schemas, carried)) != by_schema:
            problem(where, f"the schemas call it {found or 'valid'}, not {code or 'valid'}")
        elif found is None and is_future_dated(line) != (code == "future-dated"):
            problem(where, "its event time and its Kafka timestamp disagree with its code")
    for position in codes:
        problem(f"{name}.expect.jsonl", f"there is no record {position}")


def is_future_dated(line: dict) -> bool:
    event = event_of(line, parse(value_bytes(line)))
    if "time" not in event or "timestamp" not in line:
        return False
    return instant(event["time"]) - instant(line["timestamp"]) > FUTURE_LIMIT


# --- output -------------------------------------------------------------------------------------


def check_output(where: str, line: dict, topics, schemas: Schemas, carried) -> None:
    for complaint in schemas.complaints("record-line.schema.json", line):
        problem(where, complaint)
    if topics.get(line["topic"], {}).get("direction") != "out":
        problem(where, f"{line['topic']} is not an output topic")
    elif line["topic"] == "system5.dead-letters":
        headers = line.get("headers", {})
        for complaint in schemas.complaints("dead-letter-headers.schema.json", headers):
            problem(where, complaint)
    elif line.get("value") is None:
        if line["topic"] != "system5.patterns" or not line.get("key"):
            problem(where, "only a pattern's key has a tombstone")
    else:
        check_result(where, line, schemas, carried)


def check_result(where: str, line: dict, schemas: Schemas, carried) -> None:
    event = line["value"]
    if event.get("type") not in carried[line["topic"]]:
        problem(where, f"{line['topic']} does not carry {event.get('type')}")
        return
    complaints = schemas.complaints(schemas.by_type[event["type"]], event)
    for complaint in complaints:
        problem(where, complaint)
    if complaints:
        return
    data = event["data"]
    subject = data.get("pattern") or data.get("alert")
    key = f"{data['system']}/{subject}" if subject else data["system"]
    if line["key"] != key:
        problem(where, f"its key is {line['key']!r}, not {key!r}")
    if event["subject"] != (subject or data["system"]):
        problem(where, f"its subject is {event['subject']!r}")
    if event["source"] != "/system5/" + data["system"]:
        problem(where, f"its source is {event['source']!r}")
    order = [name for name in schemas.data_keys(event["type"]) if name in data]
    if list(data) != order:
        problem(where, f"the keys of its data come as {list(data)}, not as {order}")


def compare(where: str, expected: object, found: object) -> None:
    """`expected` holds what must be so; what it does not name may be anything."""
    if isinstance(expected, dict) and "$near" in expected:
        wanted, tolerance = expected["$near"]
        if not is_near(wanted, found, tolerance):
            problem(where, f"{found!r} is not near {wanted}")
    elif isinstance(expected, dict) and "$set" in expected:
        if not isinstance(found, list) or sorted(found) != sorted(expected["$set"]):
            problem(where, f"{found!r} does not hold just {expected['$set']}")
    elif isinstance(expected, dict):
        compare_objects(where, expected, found)
    elif isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            problem(where, f"{found!r} is not {expected!r}")
            return
        for index, (wanted, item) in enumerate(zip(expected, found)):
            compare(f"{where}[{index}]", wanted, item)
    elif not is_same(expected, found):
        problem(where, f"{found!r} is not {expected!r}")


def compare_objects(where: str, expected: dict, found: object) -> None:
    if not isinstance(found, dict):
        problem(where, f"{found!r} is not an object")
        return
    for key, wanted in expected.items():
        if wanted == {"$absent": True}:
            if key in found:
                problem(f"{where}.{key}", f"{found[key]!r} must not be there")
        elif key not in found:
            problem(f"{where}.{key}", "is missing")
        else:
            compare(f"{where}.{key}", wanted, found[key])
    # Maps by name are compared whole: one name too many is a difference.
    for key in ("trends", "environmental_sources", "system_sources", "amplifiers", "attenuators",
                "common_context", "context_ranges"):  # fmt: skip
        if key in expected and isinstance(found.get(key), dict):
            for name in found[key].keys() - expected[key].keys():
                problem(f"{where}.{key}", f"{name!r} must not be there")


def is_near(wanted: object, found: object, tolerance: float) -> bool:
    if isinstance(wanted, str):
        try:
            return abs((instant(found) - instant(wanted)).total_seconds()) <= tolerance
        except (ValueError, TypeError):
            return False
    return isinstance(found, (int, float)) and abs(found - wanted) <= tolerance


def is_same(expected: object, found: object) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int) and isinstance(found, int):
        return expected == found
    if isinstance(expected, (int, float)) and isinstance(found, (int, float)):
        return math.isclose(expected, found, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-12)
    if isinstance(expected, str) and isinstance(found, str) and expected != found:
        try:
            return instant(expected) == instant(found)
        except (ValueError, TypeError):
            return False
    return expected == found


def check_expectations(name: str, expected: list[dict], lines: list[dict], inputs) -> None:
    """In order within each topic: no order holds between topics."""
    for topic in sorted({entry["topic"] for entry in expected + lines}):
        wanted = [entry for entry in expected if entry["topic"] == topic]
        found = [line for line in lines if line["topic"] == topic]
        if len(wanted) != len(found):
            problem(f"{name} {topic}", f"{len(found)} records, not {len(wanted)}")
        for entry, line in zip(wanted, found):
            check_expectation(f"{name} {topic}", entry, line, inputs)


def check_expectation(where: str, entry: dict, line: dict, inputs: dict[str, dict]) -> None:
    if "code" in entry:
        headers = line.get("headers", {})
        place = [headers.get(ERRORS + part) for part in ("topic", "partition", "offset")]
        compare(where, entry["record"], "{}-{}@{}".format(*place))
        where = f"{where} {entry['record']}"
        compare(where, entry["code"], headers.get(ERRORS + "code"))
        received = inputs[entry["record"]]
        compare(f"{where} key", received.get("key"), line.get("key"))
        if as_received(received) != as_received(line):
            problem(where, "its value is not as received")
    elif "tombstone" in entry:
        compare(f"{where} tombstone", None, line.get("value"))
    else:
        event = line.get("value") or {}
        where = f"{where} {entry['id']}"
        for field in ("id", "type", "time", "causationid", "data"):
            compare(f"{where} {field}", entry[field], event.get(field))
        compare(f"{where} partition", entry["partition"], line.get("partition"))
        if "key" in entry:
            compare(f"{where} key", entry["key"], line.get("key"))


def as_received(line: dict) -> object:
    raw = value_bytes(line)
    try:
        return parse(raw) if raw else raw
    except NotJSON:
        return raw


# --- examples, with and without the program -----------------------------------------------------


def oversized_examples() -> tuple[list[dict], list[dict]]:
    """The two codes whose examples would be too large to keep in a file."""
    event = {"specversion": "1.0", "id": "x", "source": "/acme", "type": "system5.variety.measured"}
    event |= {"time": "2026-11-23T08:00:00Z"}
    data = {"source": "queue", "variety": 1}
    noted = data | {"metadata": {"note": "x" * DATA_LIMIT}}
    lines, expected = [], []
    for offset, (code, value) in enumerate((
        ("limit-exceeded", event | {"id": "x-1", "data": noted}),
        ("too-large", event | {"id": "x-2", "data": data, "note": "x" * VALUE_LIMIT}),
    )):
        topic = "system5.variety.events"
        lines.append({"topic": topic, "key": "acme", "value": value} | {"timestamp": event["time"]})
        record = f"{topic}-0@{offset}"
        expected.append({"topic": "system5.dead-letters", "code": code, "record": record})
    return lines, expected


def derive(program: str, lines: Path, state: Path) -> bytes:
    command = [program, "derive", "--state", str(state), str(lines)]
    run = subprocess.run(command, capture_output=True, timeout=120, check=False)
    if run.returncode != 0:
        problem(lines.name, f"derive ended with {run.returncode}: {run.stderr.decode()[-400:]}")
    return run.stdout


def check_example(path: Path, program: str | None, topics, schemas, carried) -> list[dict]:
    name = path.name.removesuffix(".in.jsonl")
    lines = read_lines(path)
    expected = read_lines(path.with_name(f"{name}.expect.jsonl"))
    check_input(name, lines, expected, schemas, carried)
    recorded = path.with_name(f"{name}.out.jsonl")
    outputs = []
    if recorded.exists():
        outputs.append((recorded.name, recorded.read_bytes()))
    if program:
        outputs.append((f"{name} derived", run_example(path, name, program, recorded)))
    for label, text in outputs:
        results = parse_lines(text, label)
        for number, line in enumerate(results, 1):
            check_output(f"{label}:{number}", line, topics, schemas, carried)
        check_expectations(label, expected, results, dict(zip(positions(lines), lines)))
    return expected


def run_example(path: Path, name: str, program: str, recorded: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state.json"
        text = derive(program, path, state)
        wanted = path.with_name(f"{name}.expect-state.json")
        if wanted.exists() and state.exists():
            compare(f"{name} state", parse(wanted.read_bytes()), parse(state.read_bytes()))
    if recorded.exists() and text != recorded.read_bytes():
        problem(recorded.name, "derive gives other bytes")
    return text


def check_examples(program: str | None, topics, schemas: Schemas, carried) -> int:
    paths = sorted(EXAMPLES.glob("*.in.jsonl"))
    seen: list[dict] = []
    kinds = set()
    for path in paths:
        seen += check_example(path, program, topics, schemas, carried)
        kinds |= set(kinds_of(read_lines(path)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "oversized.in.jsonl"
        lines, expected = oversized_examples()
        write_lines(path, lines)
        write_lines(path.with_name("oversized.expect.jsonl"), expected)
        seen += check_example(path, program, topics, schemas, carried)
    check_coverage(kinds, seen, schemas)
    return len(paths) + 1


def write_lines(path: Path, lines: list[dict]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def kinds_of(lines: list[dict]):
    for line in lines:
        try:
            event = event_of(line, parse(value_bytes(line) or b"null"))
        except NotJSON:
            continue
        if isinstance(event, dict) and "type" in event:
            yield event["type"]


def check_coverage(kinds: set[str], expected: list[dict], schemas: Schemas) -> None:
    kinds = kinds | {entry["type"] for entry in expected if "type" in entry}
    for kind in sorted(schemas.by_type.keys() - kinds):
        problem("examples", f"none shows {kind}")
    codes = {entry["code"] for entry in expected if "code" in entry}
    for code in sorted(set(schemas.definition("deadLetterCode")["enum"]) ^ codes):
        problem("examples", f"none shows the code {code}, or there is none such")
    for kind in sorted({entry["type"] for entry in expected if "type" in entry}):
        if kind not in schemas.by_type or not schemas.is_result(kind):
            problem("examples", f"{kind} is not a result")


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--derive", metavar="PROGRAM", help="the built system5, to compare with")
    program = options.parse_args().derive
    schemas = Schemas()
    # What refers to a schema that is broken cannot be checked against it.
    if problems:
        return report(f"{len(schemas.documents)} schemas")
    topics = check_definitions()
    carried = check_asyncapi(topics, schemas)
    examples = check_examples(program, topics, schemas, carried)
    return report(f"{len(topics)} topics, {len(schemas.documents)} schemas, {examples} examples")


def report(checked: str) -> int:
    for line in problems:
        print(line, file=sys.stderr)
    print(f"topics: {checked}: {len(problems) or 'no'} disagreements", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
