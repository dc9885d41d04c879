#!/usr/bin/env python3
"""Counts what a run of the story gave, and compares it with what it must give.

usage: summary.py [FILE]   record lines, as `system5 watch --json` and `derive` print them

Exit status 1 when they differ.
"""

import json
import sys
from collections import Counter
from pathlib import Path

EXPECTED = Path(__file__).with_name("expected.json")


def kind(line: dict) -> str:
    if line["topic"].endswith("dead-letters"):
        return "dead letter: " + line["headers"]["__system5.errors.code"]
    value = line.get("value")
    return value["type"] if value else "tombstone"


def main() -> int:
    with open(sys.argv[1], encoding="utf-8") if len(sys.argv) > 1 else sys.stdin as lines:
        seen = Counter(kind(json.loads(line)) for line in lines if line.strip())
    expected = Counter(json.loads(EXPECTED.read_text()))
    for name in sorted(expected | seen):
        difference = "" if seen[name] == expected[name] else f"   expected {expected[name]}"
        print(f"  {seen[name]:4}  {name}{difference}")
    return 0 if seen == expected else 1


if __name__ == "__main__":
    sys.exit(main())
