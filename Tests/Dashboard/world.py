"""What the mock server knows: the state that `system5 derive --state` gives for record lines, and
what the state does not hold: series, versions and trends over any range."""

import json
import math
import subprocess
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Callable, Iterable

RANGES = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2592000}
ENVIRONMENT = {"environment", "external", "market"}
PARTITIONS = 4
CONVERSIONS = {"amplifier": "amplified", "attenuator": "attenuated"}
NOT_MEASURED = {"sources": {}, "thresholds": {}, "amplifiers": {}, "attenuators": {}}
# A system is there with its first event of any kind.
EMPTY = {"policies": {}, "adaptations": {}, "patterns": {}, "variety": NOT_MEASURED, "alerts": {}}


def seconds(time: str) -> float:
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()


def rfc3339(time: float) -> str:
    moment = datetime.fromtimestamp(time, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z").replace(".000Z", "Z")


def derive(program: str, lines: list[dict]) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        records, state = Path(folder, "in.jsonl"), Path(folder, "state.json")
        records.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        subprocess.run(
            [program, "derive", str(records), "--state", str(state)],
            check=True,
            stdout=subprocess.DEVNULL,
            timeout=120,
        )
        systems = json.loads(state.read_text("utf-8"))["systems"]
    return {name: EMPTY | state for name, state in systems.items()}


class World:
    def __init__(self, program: str, lines: Iterable[dict]) -> None:
        self.program = program
        self.lines: list[dict] = []
        self.add(lines)

    def add(self, lines: Iterable[dict]) -> None:
        """More records come in, and everything follows from all of them."""
        self.lines += lines
        self.systems = derive(self.program, self.lines)
        self.answers: dict[tuple, object] = {}
        self.series: dict[tuple[str, str], list[dict]] = {}
        self.versions: dict[tuple[str, str], list[dict]] = {}
        self.latest: dict[tuple[str, str, str], dict] = {}
        self.offsets: dict[tuple[str, int], int] = {}
        for line in self.lines:
            self.take(line)
        for points in self.series.values():
            points.sort(key=lambda point: point["at"])

    def take(self, line: dict) -> None:
        system, value = line.get("key"), line.get("value")
        shard = line["topic"], partition_of(system or "")
        self.offsets[shard] = self.offsets.get(shard, 0) + 1
        if not system or not isinstance(value, dict):
            return
        kind, data = value["type"], value["data"]
        if kind == "system5.variety.measured" and data["variety"] >= 0:
            at = seconds(value["time"])
            point = {
                "at": at,
                "variety": data["variety"],
                "capacity": data.get("capacity", data["variety"]),
            }
            self.series.setdefault((system, data["source"]), []).append(point)
        for name, verb in CONVERSIONS.items():
            if kind == f"system5.variety.{verb}":
                self.latest[system, name, data[name]] = value
        if kind.startswith("system5.policy."):
            self.take_policy(system, kind.removeprefix("system5.policy."), value)

    def take_policy(self, system: str, kind: str, value: dict) -> None:
        data = value["data"]
        versions = self.versions.setdefault((system, data["policy"]), [])
        if data.get("expected_version", len(versions)) != len(versions):
            return
        content = policy_content(kind, data, versions)
        if content is None:
            return
        number = len(versions) + 1
        previous = {"previous_version": number - 1} if versions else {}
        versions.append(
            {"policy": data["policy"], "version": number, **content, "created_at": value["time"]}
            | previous
        )

    # --- What follows from series -----------------------------------------------------------

    def sources(self, system: str) -> dict:
        return self.systems[system]["variety"]["sources"]

    def end(self, system: str) -> float:
        """The newest event time of the system's measurements."""
        return max((seconds(source["time"]) for source in self.sources(system).values()), default=0)

    def conversions(self, system: str, kind: str) -> list[dict]:
        """Amplifiers or attenuators: the state's factors, with what they are made of."""
        return [
            {kind: name, "factor": factor, "time": self.latest[system, kind, name]["time"]}
            | {
                side: self.latest[system, kind, name]["data"][side]
                for side in ("input_variety", "output_variety")
            }
            for name, factor in sorted(self.systems[system]["variety"][f"{kind}s"].items())
        ]

    def once(self, make: Callable, *arguments: object) -> object:
        """What follows from the records is worked out once, until others come."""
        key = make.__name__, *arguments
        if key not in self.answers:
            self.answers[key] = make(*arguments)
        return self.answers[key]

    def history(self, system: str, source: str, span: float, limit: int) -> list[dict]:
        end = self.end(system)
        points = [p for p in self.series.get((system, source), []) if end - span < p["at"] <= end]
        return [
            {"time": rfc3339(p["at"]), "variety": p["variety"], "capacity": p["capacity"]}
            for p in thinned(points, limit)
        ]

    def requisite_history(self, system: str, span: float, limit: int) -> list[dict]:
        end = self.end(system)
        roles = {name: source["role"] for name, source in self.sources(system).items()}
        grid = [end - span + span * (index + 1) / limit for index in range(limit)]
        totals = {"environment": [0.0] * limit, "system": [0.0] * limit}
        begun = {"environment": [False] * limit, "system": [False] * limit}
        for name, role in roles.items():
            held(self.series.get((system, name), []), grid, totals[role], begun[role])
        return [
            {
                "time": rfc3339(time),
                "environmental_variety": totals["environment"][i],
                "system_variety": totals["system"][i],
            }
            for i, time in enumerate(grid)
            if begun["environment"][i] and begun["system"][i]
        ]

    def trends(self, system: str, window: str, span: float) -> dict:
        end = self.end(system)
        thresholds = self.systems[system]["variety"]["thresholds"]
        trends, critical = {}, []
        for name in sorted(self.sources(system)):
            points = [p for p in self.series.get((system, name), []) if end - span < p["at"] <= end]
            if not points:
                continue
            above = thresholds.get(name, {}).get("above", {}).get("threshold")
            trends[name], is_critical = trend(points, above)
            critical += [name] if is_critical else []
        rising = sum(t["trend"] == "increasing" for t in trends.values())
        falling = sum(t["trend"] == "decreasing" for t in trends.values())
        overall = (
            "increasing" if rising > falling else "decreasing" if falling > rising else "stable"
        )
        return {
            "system": system,
            "window": window,
            "overall_trend": overall,
            "critical_sources": critical,
            "trends": trends,
        }


def partition_of(system: str) -> int:
    return sum(system.encode()) % PARTITIONS


def policy_content(kind: str, data: dict, versions: list[dict]) -> dict | None:
    last = versions[-1] if versions else {"data": {}, "metadata": {}}
    if kind == "stored":
        return {"data": data["data"], "metadata": data.get("metadata", {})}
    if kind == "updated":
        metadata = last["metadata"] | data.get("metadata", {})
        return {"data": merged(last["data"], data["data"]), "metadata": metadata}
    if kind == "rolled-back":
        earlier = versions[data["to_version"] - 1]
        return {"data": earlier["data"], "metadata": earlier["metadata"]}
    return None


def merged(value: object, patch: object) -> object:
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for name, change in patch.items():
        if change is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), change)
    return result


def thinned(points: list[dict], limit: int) -> list[dict]:
    """The lowest and the highest of each of so many buckets."""
    if len(points) <= limit:
        return points
    size = math.ceil(len(points) / (limit / 2))
    kept = []
    for start in range(0, len(points), size):
        bucket = points[start : start + size]
        ends = [min(bucket, key=lambda p: p["variety"]), max(bucket, key=lambda p: p["variety"])]
        kept += sorted(ends if ends[0] is not ends[1] else ends[:1], key=lambda p: p["at"])
    return kept


def held(points: list[dict], grid: list[float], totals: list[float], begun: list[bool]) -> None:
    """Adds, at each time of the grid, the last value at or before it."""
    index = -1
    for place, time in enumerate(grid):
        while index + 1 < len(points) and points[index + 1]["at"] <= time:
            index += 1
        if index >= 0:
            totals[place] += points[index]["variety"]
            begun[place] = True


def trend(points: list[dict], above: float | None) -> tuple[dict, bool]:
    values = [p["variety"] for p in points]
    slope, significant = fit(points)
    kind = "insufficient_data" if len(points) < 2 else "stable"
    if significant:
        kind = "increasing" if slope > 0 else "decreasing"
    average, latest = sum(values) / len(values), values[-1]
    result = {
        "trend": kind,
        "slope_per_hour": slope * 3600,
        "average": average,
        "min": min(values),
        "max": max(values),
        "volatility": max(values) - min(values),
        "measurements": len(values),
        "latest": latest,
    }
    breaches = kind == "increasing" and above is not None and latest + slope * 3600 >= above
    if breaches:
        result["breach_at"] = rfc3339(points[-1]["at"] + max(0, (above - latest) / slope))
    steep = slope * (points[-1]["at"] - points[0]["at"]) >= average / 2
    return result, kind == "increasing" and (breaches or steep)


def fit(points: list[dict]) -> tuple[float, bool]:
    """The least-squares slope a second, and whether it differs from 0; 2 stands in for the exact t."""
    count = len(points)
    middle = sum(p["at"] for p in points) / count
    average = sum(p["variety"] for p in points) / count
    spread = sum((p["at"] - middle) ** 2 for p in points)
    if count < 2 or spread == 0:
        return 0.0, False
    slope = sum((p["at"] - middle) * (p["variety"] - average) for p in points) / spread
    if count < 3:
        return slope, False
    rest = sum((p["variety"] - average - slope * (p["at"] - middle)) ** 2 for p in points)
    error = math.sqrt(rest / (count - 2) / spread)
    return slope, slope != 0 and abs(slope) > 2 * error
