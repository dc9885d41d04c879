#!/usr/bin/env python3
"""How long a worker takes to start, and to take partitions over: from the log, and from checkpoints.

Starts a local broker and loads the events once. Needs what drain.py needs. Its own start ends when it
answers `/livez`, a takeover when it answers `/readyz`, less what that takes where there is nothing to
take over: joining the group.
"""

import argparse
import http.client
import signal
import socket
import statistics
import sys
import tempfile
import time

import drain

NO_CHECKPOINTS = ("checkpoint.records=1000000000", "checkpoint.interval.ms=86400000")
CHECKPOINTS = ("checkpoint.interval.ms=1000",)


class Worker:
    def __init__(self, bench: drain.Bench, group: str, prefix: str, settings: tuple[str, ...]):
        self.bench, self.port = bench, free_port()
        self.started = time.monotonic()
        self.process = bench.start_worker(
            group, prefix, (*settings, f"http.bind=127.0.0.1:{self.port}"))

    def until(self, path: str) -> float:
        """Seconds from the start until a page answers 200."""
        deadline = self.started + drain.PATIENCE_SECONDS
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", path)
                if connection.getresponse().status == 200:
                    return time.monotonic() - self.started
            except OSError:
                pass
            finally:
                connection.close()
            time.sleep(0.001)
        sys.exit(f"start.py: {path} does not answer")

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.bench.end(self.process)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def drained(bench: drain.Bench, events: int, settings: tuple[str, ...]) -> str:
    """The name of a group that has drained the log."""
    group = bench.group()
    watch = bench.watch(group, "variety", events)
    worker = Worker(bench, group, "variety", settings)
    bench.rate(watch)
    time.sleep(5)  # Checkpoints come once a second.
    worker.end()
    return group


def seconds_until(
    path: str, bench: drain.Bench, rounds: int, kind: str, group: str | None = None
) -> float:
    times = []
    for _ in range(rounds):
        worker = Worker(bench, group or bench.group(), kind, NO_CHECKPOINTS)
        times.append(worker.until(path))
        worker.end()
    return statistics.median(times)


def measure(bench: drain.Bench, events: int, rounds: int) -> None:
    bench.make_topics("empty")
    own = seconds_until("/livez", bench, rounds, "empty")
    join = seconds_until("/readyz", bench, rounds, "empty")
    print("\n| | seen | goal |\n| --- | --- | --- |")
    print(f"| start until `/livez` answers | {own * 1000:.0f} ms | ≤ 100 ms |", flush=True)
    bench.load("variety", events)
    for what, settings in (("the log", NO_CHECKPOINTS), ("checkpoints", CHECKPOINTS)):
        group = drained(bench, events, settings)
        seconds = seconds_until("/readyz", bench, rounds, "variety", group) - join
        goal = "≥ 1,000,000 events/s" if settings == NO_CHECKPOINTS else ""
        print(
            f"| {events:,} events from {what} | {seconds:.2f} s, {events / seconds:,.0f} events/s "
            f"| {goal} |", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--events", type=int, default=2_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--system5", default=str(drain.ROOT / ".build/release/system5"))
    arguments = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder:
        drain.with_broker(
            arguments.system5, folder,
            lambda bench: measure(bench, arguments.events, arguments.rounds))


if __name__ == "__main__":
    main()
