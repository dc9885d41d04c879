"""Record lines of organisations with much going on: the same seed always gives the same lines.

usage: scene.py [--seed N] [--sources N] > FILE     (to look at, or to emit into a broker)
"""

import argparse
import json
import math
import random
from datetime import datetime, timedelta, timezone
from typing import Iterator

END = datetime(2026, 11, 23, 16, 40, tzinfo=timezone.utc)
BUSY = "acme"
QUIET = "borealis"
UNMEASURED = "cirrus.policies-only"

# name: role, level, swing, what the last hour adds
SOURCES = {
    "customer-demand": ("environment", 150, 18, 130),
    "supply-chain": ("environment", 70, 12, 22),
    "regulation": ("environment", 42, 3, 0),
    "competitors": ("environment", 55, 8, -14),
    "social-media": ("environment", 36, 16, 6),
    "weather": ("environment", 24, 9, 0),
    "operations": ("system", 128, 9, 6),
    "planning": ("system", 58, 5, 0),
    "support": ("system", 62, 7, -26),
    "logistics": ("system", 74, 8, 4),
    "engineering": ("system", 66, 6, 12),
    "field-teams": ("system", 40, 10, 0),
    'a/b "<script>" test': ("system", 12, 2, 0),
}
THRESHOLDS = [
    ("customer-demand", "above", 240, 200, 0),
    ("supply-chain", "above", 110, 90, 60),
    ("support", "below", 40, 50, 0),
    ("social-media", "above", 54, 46, 0),
    ("operations", "below", 90, None, 0),
]


def stamp(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")


class Scene:
    """Collects record lines, each with an id of its own."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[dict] = []

    def add(self, topic: str, system: str, kind: str, time: datetime, data: dict) -> None:
        value = {
            "specversion": "1.0",
            "id": f"scene-{len(self.lines)}",
            "source": f"/{system}/scene",
            "type": f"system5.{kind}",
            "time": stamp(time),
            "data": data,
        }
        self.lines.append({"topic": f"system5.{topic}.events", "key": system, "value": value})

    def in_order(self) -> list[dict]:
        return sorted(self.lines, key=lambda line: line["value"]["time"])


def busy(seed: int = 7) -> list[dict]:
    scene = Scene(seed)
    measurements(scene)
    thresholds(scene)
    conversions(scene)
    adaptations(scene)
    policies(scene)
    quiet(scene)
    return scene.in_order()


def measurements(scene: Scene) -> None:
    for number, (source, (role, level, swing, rise)) in enumerate(SOURCES.items()):
        for minutes in times():
            time = END - timedelta(minutes=minutes, seconds=-number % 50)
            value = variety(scene, number, level, swing, rise, minutes)
            data = {"source": source, "variety": round(max(0, value), 2), "role": role}
            if role == "system":
                data["capacity"] = round(level * 1.6)
            scene.add("variety", BUSY, "variety.measured", time, data)


def times() -> Iterator[int]:
    """Minutes before the end: each of the last seven hours', every tenth of three days."""
    yield from (minutes for minutes in range(3 * 1440, 420, -10))
    yield from range(420, 0, -1)


def variety(
    scene: Scene, number: int, level: float, swing: float, rise: float, minutes: int
) -> float:
    daily = swing * math.sin((minutes / 1440 + number * 0.23) * 2 * math.pi)
    slow = swing * 0.5 * math.sin(minutes / 37 + number)
    noise = scene.random.gauss(0, swing * 0.18)
    surge = rise * max(0, 1 - minutes / 55)
    earlier = max(0, rise) * 0.9 * math.exp(-(((minutes - 250) / 26) ** 2))
    return level + daily + slow + noise + surge + earlier


def thresholds(scene: Scene) -> None:
    start = END - timedelta(days=3)
    for source, direction, threshold, recovery, seconds in THRESHOLDS:
        data = {
            "source": source,
            "threshold": threshold,
            "direction": direction,
            "for_seconds": seconds,
        }
        if recovery is not None:
            data["recovery_threshold"] = recovery
        scene.add("variety", BUSY, "variety.threshold-set", start, data)


def conversions(scene: Scene) -> None:
    time = END - timedelta(hours=5)
    for name, into, out in [
        ("overflow-line", 100, 250),
        ("self-service", 80, 410),
        ("night-shift", 60, 92),
        ("partner-network", 120, 780),
    ]:
        data = {"amplifier": name, "input_variety": into, "output_variety": out}
        scene.add("variety", BUSY, "variety.amplified", time, data)
    for name, into, out in [
        ("triage", 300, 90),
        ("price-floor", 140, 112),
        ("spam-filter", 900, 40),
    ]:
        data = {"attenuator": name, "input_variety": into, "output_variety": out}
        scene.add("variety", BUSY, "variety.attenuated", time, data)


SITUATIONS = [
    (
        "operations",
        {"type": "demand_surge", "channel": "web"},
        ["extra_shift", "overflow_line"],
        0.85,
    ),
    ("operations", {"type": "demand_surge", "channel": "phone"}, ["self_service_menu"], 0.7),
    (
        "logistics",
        {"type": "route_blocked", "region": "north"},
        ["reroute", "notify_customers"],
        0.9,
    ),
    ("logistics", {"type": "late_supplier", "tier": 2}, ["second_source", "buffer_stock"], 0.75),
    ("engineering", {"type": "latency", "service": "checkout"}, ["scale_up", "cache_warmup"], 0.95),
    ("support", {"type": "backlog", "severity": "high"}, ["triage", "callback_queue"], 0.6),
]


def adaptations(scene: Scene) -> None:
    for number in range(60):
        domain, context, actions, chance = SITUATIONS[number % len(SITUATIONS)]
        success = scene.random.random() < chance
        scene.add(
            "adaptation",
            BUSY,
            "adaptation.outcome-recorded",
            END - timedelta(minutes=9 * (60 - number)),
            {
                "adaptation": f"adaptation-{number:03}",
                "domain": domain,
                "success": success,
                "anomaly_context": context | {"load": round(scene.random.uniform(0.8, 2.4), 2)},
                "policy_changes": actions[: 1 + number % 2],
                "performance_impact": round(scene.random.uniform(0.5, 1) if success else 0.1, 2),
                "stability_impact": round(scene.random.uniform(0.4, 1) if success else 0.2, 2),
            },
        )
    data = {
        "pattern": "from-the-field",
        "trigger_conditions": {"type": "storm"},
        "domain": "logistics",
        "recommended_actions": ["hold_departures"],
        "confidence": 0.62,
    }
    scene.add("adaptation", BUSY, "pattern.learned", END - timedelta(hours=2), data)
    time = END - timedelta(minutes=5)
    scene.add("adaptation", BUSY, "patterns.extraction-requested", time, {})
    data = {"from_domain": "operations", "to_domain": "support"}
    scene.add("adaptation", BUSY, "knowledge.transfer-requested", time + timedelta(minutes=1), data)


def policies(scene: Scene) -> None:
    start = END - timedelta(hours=9)
    for number in range(60):
        name = (
            f"{['budget', 'staffing', 'routing', 'pricing', 'escalation'][number % 5]}-{number:02}"
        )
        store(scene, name, start + timedelta(minutes=number), number)
    odd = 'a/b "<b>odd</b>" policy'
    store(scene, odd, start + timedelta(minutes=70), 3)
    scene.add(
        "policy", BUSY, "policy.deleted", start + timedelta(hours=4), {"policy": "pricing-03"}
    )


def store(scene: Scene, name: str, time: datetime, number: int) -> None:
    data = {
        "type": "resource_allocation",
        "rules": ["max_overtime: 10", "approval_required: true"],
        "constraints": {"department": "operations", "ceiling": 10_000 + number},
        "serial": 12345678901234567890 + number,
    }
    metadata = {"source": "board", "priority": "high"}
    first = {"policy": name, "data": data, "metadata": metadata}
    scene.add("policy", BUSY, "policy.stored", time, first)
    if number % 3 == 0:
        revise(scene, name, time + timedelta(minutes=40))
    used = scene.random.randrange(0, 90)
    succeeded = round(used * scene.random.uniform(0.35, 1))
    counts = {"usage_count": used, "success_count": succeeded, "failure_count": used - succeeded}
    data = {"policy": name} | counts
    scene.add("policy", BUSY, "policy.effectiveness-recorded", time + timedelta(hours=3), data)


def revise(scene: Scene, name: str, time: datetime) -> None:
    change = {
        "rules": ["max_overtime: 20", "approval_required: true", "night_shift: allowed"],
        "constraints": {"department": None, "region": "north"},
        "serial": 12345678901234567999,
    }
    data = {"policy": name, "data": change, "metadata": {"updated_by": "queen"}}
    scene.add("policy", BUSY, "policy.updated", time, data)
    data = {"policy": name, "data": {"rules": ["max_overtime: 20"]}}
    scene.add("policy", BUSY, "policy.updated", time + timedelta(minutes=20), data)
    data = {"policy": name, "to_version": 2}
    scene.add("policy", BUSY, "policy.rolled-back", time + timedelta(minutes=60), data)


def quiet(scene: Scene) -> None:
    for minutes in range(180, 0, -15):
        time = END - timedelta(minutes=minutes)
        for source, value in [("environment", 40), ("team", 70)]:
            data = {"source": source, "variety": value + minutes % 4}
            scene.add("variety", QUIET, "variety.measured", time, data)
    data = {"policy": "travel", "data": {"class": "rail"}}
    scene.add("policy", UNMEASURED, "policy.stored", END - timedelta(hours=1), data)


def many_sources(count: int, seed: int = 7) -> list[dict]:
    """One system with so many sources; the last one fires."""
    scene = Scene(seed)
    for number in range(count):
        level = round(scene.random.uniform(1, 9), 2)
        for minutes in (40, 20, 5):
            data = {"source": f"source-{number:05}", "variety": level}
            if number % 2:
                data["role"] = "environment"
            scene.add("variety", BUSY, "variety.measured", END - timedelta(minutes=minutes), data)
    data = {"source": f"source-{count - 1:05}", "threshold": 0.5}
    scene.add("variety", BUSY, "variety.threshold-set", END - timedelta(minutes=4), data)
    return scene.in_order()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--sources", type=int, help="one system with so many sources instead")
    options = parser.parse_args()
    lines = many_sources(options.sources, options.seed) if options.sources else busy(options.seed)
    for line in lines:
        print(json.dumps(line))


if __name__ == "__main__":
    main()
