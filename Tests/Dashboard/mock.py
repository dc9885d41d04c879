"""A stand-in for a worker: the dashboard's files, and the API over a `World`. What is hard to have of
a real worker can be switched on: no system, a takeover, a token, a lost connection, a broker away.

usage: mock.py --system5 PROGRAM [--port N] [--seed N]     (to look at the page while working on it)
"""

import argparse
import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import scene
from world import CONVERSIONS, PARTITIONS, RANGES, World, partition_of

PAGE = Path(__file__).resolve().parents[2] / "Sources" / "CDashboard" / "page"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)
INPUTS = {
    "policy": "system5.policy.events",
    "adaptation": "system5.adaptation.events",
    "variety": "system5.variety.events",
}


# What may be asked of a route, by how its path ends; beside `forward`, as real workers have it.
PARAMETERS = {
    "systems": {"limit", "cursor"},
    "variety": {"limit", "cursor"},
    "requisite": set(),
    "requisite/history": {"range", "points"},
    "trends": {"range"},
    "amplifiers": {"limit", "cursor"},
    "history": {"range", "points"},
    "metrics": set(),
    "alerts": {"limit", "cursor"},
    "patterns": {"limit", "cursor"},
    "versions": {"limit", "cursor"},
    "policies": {"active", "q", "limit", "cursor"},
    "shards": set(),
}


class Refusal(Exception):
    def __init__(self, status: int, kind: str, detail: str) -> None:
        super().__init__(kind)
        self.status = status
        self.body = {
            "type": f"urn:system5:problem:{kind}",
            "title": kind.replace("-", " ").capitalize(),
            "status": status,
            "detail": detail,
        }


class Worker:
    """What the mock answers by; a test changes it while it runs."""

    def __init__(self, world: World | None) -> None:
        self.world = world
        self.token: str | None = None
        self.takeover: tuple[int, int] | None = None
        self.broker = "up"
        self.is_down = False
        self.refuses_streams = False
        self.policies_instead: list[dict] | None = None
        self.rate = 0
        self.answered: list[str] = []
        self.not_modified = 0

    # --- Routes ---------------------------------------------------------------------------------

    def answer(self, path: str, query: dict[str, str]) -> tuple[dict, str]:
        """The body of a GET, and the input that it follows from."""
        parts = [unquote(part) for part in path.split("/")[2:]]
        match parts:
            case ["systems"]:
                return self.page(query, "systems", self.systems(), "variety", ""), "variety"
            case ["shards"]:
                return {"shards": self.shards()}, "variety"
            case ["systems", system, *rest]:
                self.refuse_takeover(system)
                return self.of_system(system, rest, query)
        raise Refusal(404, "not-found", path)

    def refuse_takeover(self, system: str) -> None:
        if self.takeover is not None:
            position, target = self.takeover
            detail = (
                f"The log of system5.variety.events, partition {partition_of(system)} is being "
                f"applied up to {target}; it stands at {position}."
            )
            raise Refusal(503, "takeover", detail)

    def of_system(self, system: str, rest: list[str], query: dict) -> tuple[dict, str]:
        if self.world is None or system not in self.world.systems:
            raise Refusal(404, "unknown-system", f"Nothing is known of the system {system}.")
        state = self.world.systems[system]
        match rest:
            case ["alerts"]:
                return (
                    self.page(query, "alerts", values(state["alerts"]), "variety", system),
                    "variety",
                )
            case ["patterns"]:
                patterns = values(state["patterns"])
                return self.page(query, "patterns", patterns, "adaptation", system), "adaptation"
            case ["adaptations", "metrics"]:
                return metrics(state), "adaptation"
            case ["policies", *more]:
                return self.policies(system, state, more, query), "policy"
            case ["variety", *more]:
                return self.variety(system, state["variety"], more, query), "variety"
        raise Refusal(404, "not-found", "/".join(rest))

    def policies(self, system: str, state: dict, rest: list[str], query: dict) -> dict:
        match rest:
            case []:
                found = self.policies_instead or values(state["policies"])
                found = [policy for policy in found if matches(policy, query)]
                return self.page(query, "policies", found, "policy", system)
            case [policy] if policy in state["policies"]:
                if not state["policies"][policy]["active"]:
                    raise Refusal(410, "policy-deleted", f'Policy "{policy}" is deleted.')
                return state["policies"][policy]
            case [policy, "versions"] if policy in state["policies"]:
                versions = self.world.versions[system, policy]
                return self.page(query, "versions", versions, "policy", system)
        raise Refusal(404, "unknown-policy", "There is no such policy.")

    def variety(self, system: str, state: dict, rest: list[str], query: dict) -> dict:
        window = query.get("range", "hour")
        span = RANGES.get(window) or float(window)
        points = int(query.get("points", 200))
        match rest:
            case []:
                sources = [
                    source | {"thresholds": values(state["thresholds"].get(name, {}))}
                    for name, source in state["sources"].items()
                ]
                return self.page(query, "sources", sources, "variety", system)
            case ["requisite"]:
                if state.get("requisite") is None:
                    raise Refusal(404, "not-measured", "Not both sides have been measured.")
                return state["requisite"]
            case ["requisite", "history"]:
                return {
                    "history": self.world.once(self.world.requisite_history, system, span, points)
                }
            case ["trends"]:
                if not state["sources"]:
                    raise Refusal(404, "unknown-system", "Nothing has been measured.")
                return self.world.once(self.world.trends, system, window, span)
            case ["amplifiers"]:
                position = self.position("variety", system)
                lists = {f"{kind}s": self.world.conversions(system, kind) for kind in CONVERSIONS}
                return {"position": position} | lists | {"next_cursor": None}
            case ["by-id", source, "history"] if source in state["sources"]:
                return {
                    "history": self.world.once(self.world.history, system, source, span, points)
                }
        raise Refusal(404, "not-found", "/".join(rest))

    def systems(self) -> list[dict]:
        if self.world is None:
            return []
        return [summary(system, state) for system, state in sorted(self.world.systems.items())]

    def page(self, query: dict, name: str, entries: list, input: str, system: str) -> dict:
        limit = int(query.get("limit", 100))
        if not 1 <= limit <= 1000:
            raise Refusal(400, "bad-parameter", "The parameter limit must be from 1 to 1000.")
        start = int(base64.urlsafe_b64decode(query.get("cursor", "")) or 0)
        end = start + limit
        cursor = (
            base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(entries) else None
        )
        return {
            "position": self.position(input, system),
            name: entries[start:end],
            "next_cursor": cursor,
        }

    # --- Positions and the stream ---------------------------------------------------------------

    def position(self, input: str, system: str) -> dict:
        topic, partition = INPUTS[input], partition_of(system)
        return {"topic": topic, "partition": partition, "offset": self.offset(topic, partition)}

    def offset(self, topic: str, partition: int) -> int:
        return self.world.offsets.get((topic, partition), 0) if self.world else 0

    def shards(self) -> list[dict]:
        return [
            self.shard(topic, number) for topic in INPUTS.values() for number in range(PARTITIONS)
        ]

    def shard(self, topic: str, partition: int) -> dict:
        facts = {"status": "live", "offset": self.offset(topic, partition), "lag": 0}
        if self.takeover is not None and topic == INPUTS["variety"]:
            position, target = self.takeover
            progress = {"offset": position, "target": target}
            facts |= {"status": "restoring", "progress": progress, "lag": None}
        return {"topic": topic, "partition": partition} | facts

    def status(self, tick: int) -> dict:
        rate = self.rate and round(self.rate * (1 + 0.3 * ((tick * 7) % 11 - 5) / 5))
        shards = self.shards()
        return {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "records_per_second": rate,
            "lag": sum(shard["lag"] or 0 for shard in shards),
            "broker": self.broker,
            "shards": shards,
        }


def summary(system: str, state: dict) -> dict:
    requisite = state["variety"].get("requisite") or {}
    firing = sum("ends_at" not in alert for alert in state["alerts"].values())
    return {
        "system": system,
        "policy_count": len(state["policies"]),
        "firing_alerts": firing,
        "requisite_variety_met": requisite.get("requisite_variety_met"),
        "coverage_ratio": requisite.get("coverage_ratio"),
    }


def check_parameters(path: str, query: dict[str, str]) -> None:
    own = {"systems", "shards"}
    parts = path.split("/")
    last = parts[-1] if parts[-2:] != ["requisite", "history"] else "requisite/history"
    known = PARAMETERS.get(last, set()) | (set() if last in own else {"forward"})
    if unknown := set(query) - known:
        raise Refusal(400, "bad-parameter", f"There is no parameter {min(unknown)} here.")
    if last not in own and query.pop("forward", None) != "true":
        raise Refusal(400, "bad-parameter", "The page is to ask with forward=true.")


def values(entries: dict) -> list:
    return [entries[name] for name in sorted(entries)]


def matches(policy: dict, query: dict) -> bool:
    active = query.get("active")
    if active is not None and policy["active"] != (active == "true"):
        return False
    return query.get("q", "").lower() in json.dumps(policy).lower()


def metrics(state: dict) -> dict:
    adaptations, domains = values(state["adaptations"]), {}
    for adaptation in adaptations:
        domains[adaptation["domain"]] = domains.get(adaptation["domain"], 0) + 1
    return {
        "total_adaptations": len(adaptations),
        "total_patterns": len(state["patterns"]),
        "overall_success_rate": 0.83 if adaptations else 1,
        "domains": domains,
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    worker: Worker

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if self.worker.is_down:
            self.close_connection = True
            return
        try:
            if not url.path.startswith("/v1/"):
                self.send_file(url.path)
            else:
                self.check_token()
                self.send_state(url.path, dict(parse_qsl(url.query)))
        except Refusal as refusal:
            self.send_problem(refusal)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def check_token(self) -> None:
        token = self.worker.token
        if token is not None and self.headers.get("authorization") != f"Bearer {token}":
            raise Refusal(401, "unauthorised", "A token is needed.")

    def send_file(self, path: str) -> None:
        file = (PAGE / ("index.html" if path == "/" else path.lstrip("/"))).resolve()
        if not file.is_relative_to(PAGE) or not file.is_file():
            raise Refusal(404, "not-found", path)
        self.send(200, file.read_bytes(), TYPES[file.suffix], {"content-security-policy": POLICY})

    def send_state(self, path: str, query: dict[str, str]) -> None:
        if path == "/v1/events":
            self.send_events()
            return
        check_parameters(path, query)
        self.worker.answered.append(path)
        body, input = self.worker.answer(path, query)
        data = json.dumps(body).encode()
        etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
        if self.headers.get("if-none-match") == etag:
            self.worker.not_modified += 1
            self.send(304, b"", "application/json", {"etag": etag})
            return
        self.send(200, data, "application/json", {"etag": etag})

    def send_events(self) -> None:
        if self.worker.refuses_streams:
            raise Refusal(503, "busy", "32 streams are open already.")
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        tick = 0
        while not self.worker.is_down:
            status = json.dumps(self.worker.status(tick))
            self.wfile.write(f": beat\n\nevent: status\ndata: {status}\n\n".encode())
            self.wfile.flush()
            tick += 1
            self.server.pause.wait(1)  # type: ignore[attr-defined]

    def send_problem(self, refusal: Refusal) -> None:
        body = json.dumps(refusal.body).encode()
        headers = {"retry-after": "1"} if refusal.status == 503 else {}
        self.send(refusal.status, body, "application/problem+json", headers)

    def send(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"content-type": kind, "cache-control": "no-cache", **headers}.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Mock:
    """The server, on a port of its own, until it is closed."""

    def __init__(self, worker: Worker, port: int = 0) -> None:
        handler = type("WorkerHandler", (Handler,), {"worker": worker})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        self.server.pause = threading.Event()
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.pause.set()
        self.server.shutdown()
        self.server.server_close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--system5", required=True)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    worker = Worker(World(options.system5, scene.busy(options.seed)))
    worker.rate = 1200
    mock = Mock(worker, options.port)
    print(mock.url)
    mock.thread.join()


if __name__ == "__main__":
    main()
