"""Reads a page of metrics as Prometheus would: with the parsers of its Python client.

usage: parse_page.py TEXT OPENMETRICS    files with the same page in the two formats

Prints families and samples as JSON where both are valid and say the same.
"""

import json
import sys
from pathlib import Path

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser


def main(text_file, openmetrics_file):
    text = list(parser.text_string_to_metric_families(read(text_file)))
    families = list(openmetrics_parser.text_string_to_metric_families(read(openmetrics_file)))
    difference = samples(text) ^ samples(families)
    if difference:
        sys.exit(f"the formats differ: {sorted(difference)}")
    json.dump(
        {"families": [described(family) for family in families],
         "samples": [{"name": name, "labels": dict(labels), "value": repr(value)}
                     for name, labels, value in sorted(samples(families), key=repr)]},
        sys.stdout)


def read(file):
    """As it is: a page may hold a carriage return."""
    return Path(file).read_bytes().decode()


def samples(families):
    """All samples but the times since when something counts, which only one format has."""
    return {(sample.name, tuple(sorted(sample.labels.items())), sample.value)
            for family in families for sample in family.samples
            if not (sample.name.endswith("_created") and family.type in ("counter", "histogram"))}


def described(family):
    return {"name": family.name, "kind": family.type, "unit": family.unit,
            "help": family.documentation,
            "labels": sorted({name for sample in family.samples for name in sample.labels})}


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
