#!/usr/bin/env python3
"""How fast a log is drained: by a C consumer, by one with transactions, and by `system5 run`.

Starts a local broker, loads the events once, and lets the three take turns. With --latency, how long
an alert takes instead, beside what the way to it costs at least; with --settings, both for settings
that trade one for the other. Needs what deploy/local/setup.sh installs, a C compiler, and `swift build -c release --product system5`.
"""

import argparse
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import typing

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BROKER = ROOT / "deploy/local/broker.sh"
SHARES = {
    "variety": {"variety": 1.0},
    "adaptation": {"adaptation": 1.0},
    "policy": {"policy": 1.0},
    "mix": {"variety": 0.7, "adaptation": 0.2, "policy": 0.1},
}
PATIENCE_SECONDS = 300
# One changed at a time; the first is how the worker comes.
SETTINGS = (
    (), ("commit.interval.ms=10",), ("commit.interval.ms=50",), ("commit.interval.ms=250",),
    ("commit.interval.ms=1000",), ("batch.records=500",), ("batch.records=20000",),
    ("fetch.ahead.kilobytes=4096",), ("kafka.linger.ms=0",), ("kafka.linger.ms=50",),
    ("kafka.compression.type=lz4",), ("kafka.compression.type=zstd",),
    ("kafka.fetch.wait.max.ms=10",), ("delivery=at-least-once",),
)


class Usage:
    """What one run took: events a second, CPU seconds per million events, MiB at most."""

    def __init__(self, rate: float, events: int, usage):
        self.rate = rate
        self.cpu = (usage.ru_utime + usage.ru_stime) / events * 1e6
        self.memory = usage.ru_maxrss / 1024


class Bench:
    def __init__(self, system5: str, folder: str):
        self.system5 = system5
        self.program, self.latency_program = compiled("drain", folder), compiled("latency", folder)
        self.runs = 0
        self.env = broker_environment()
        self.brokers = self.env["SYSTEM5_BROKERS"]

    def make_topics(self, kind: str) -> None:
        self.call(
            self.system5, "topics", "apply", "--brokers", self.brokers, "--prefix", f"{kind}.",
            "--definitions", str(ROOT / "topics/topics.json"))

    def load(self, kind: str, events: int) -> None:
        self.make_topics(kind)
        for name, share in SHARES[kind].items():
            topic = f"{kind}.{name}.events"
            self.call(self.program, "load", self.brokers, topic, name, str(round(events * share)))

    def call(self, *words: str) -> str:
        done = subprocess.run(
            words, env=self.env, check=True, timeout=PATIENCE_SECONDS, stdout=subprocess.PIPE)
        return done.stdout.decode()

    def consume(self, kind: str, events: int) -> Usage:
        process = self.start(
            self.program, "consume", self.brokers, self.group(), str(events), *topics(kind))
        seconds, count = process.stdout.read().split()
        return Usage(int(count) / float(seconds), events, self.end(process))

    def transact(self, kind: str, events: int) -> Usage:
        group = self.group()
        watch = self.watch(group, kind, events)
        process = self.start(
            self.program, "transact", self.brokers, group, str(events), f"{kind}.alerts",
            *topics(kind))
        return Usage(self.rate(watch), events, self.end(process))

    def worker(self, kind: str, events: int, settings: tuple[str, ...] = ()) -> Usage:
        group = self.group()
        watch = self.watch(group, kind, events)
        process = self.start_worker(group, kind, settings)
        rate = self.rate(watch)
        process.send_signal(signal.SIGTERM)
        return Usage(rate, events, self.end(process))

    def latency(
        self, rate: int, seconds: int, settings: tuple[str, ...] = ()
    ) -> dict[str, tuple[float, ...]]:
        """Milliseconds, p50 and p99: of a hop, of a transaction and of an alert."""
        # Topics of its own: alerts of an earlier run would count as late ones.
        group = self.group()
        self.make_topics(group)
        process = self.start_worker(group, group, settings)
        try:
            printed = self.call(
                self.latency_program, self.brokers, f"{group}.", group, str(rate), str(seconds))
        finally:
            process.send_signal(signal.SIGTERM)
            self.end(process)
        rows = [line.split() for line in printed.splitlines()]
        return {row[0]: (float(row[1]), float(row[2])) for row in rows}

    def start_worker(
        self, group: str, kind: str, settings: tuple[str, ...]
    ) -> subprocess.Popen:
        return self.start(
            self.system5, "run", "--brokers", self.brokers, "--group", group, "--prefix",
            f"{kind}.", "--session-timeout-ms", "2000", "--log-level", "error",
            *(word for setting in settings for word in ("--set", setting)))

    def group(self) -> str:
        self.runs += 1
        return f"drain-{os.getpid()}-{self.runs}"

    def watch(self, group: str, kind: str, events: int) -> subprocess.Popen:
        return self.start(self.program, "watch", self.brokers, group, str(events), *topics(kind))

    def rate(self, watch: subprocess.Popen) -> float:
        words = watch.communicate(timeout=PATIENCE_SECONDS)[0].split()
        return int(words[1]) / float(words[0])

    def start(self, *words: str) -> subprocess.Popen:
        return subprocess.Popen(words, env=self.env, stdout=subprocess.PIPE)

    def end(self, process: subprocess.Popen):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"drain.py: {process.args[0]} ended with status {process.returncode}")
        return usage


def compiled(name: str, folder: str) -> str:
    sources = [str(HERE / part) for part in (f"{name}.c", "clients.c", "events.c")]
    subprocess.run(
        ["cc", "-O2", "-o", f"{folder}/{name}", *sources, "-lrdkafka"], check=True)
    return f"{folder}/{name}"


def topics(kind: str) -> list[str]:
    return [f"{kind}.{name}.events" for name in SHARES[kind]]


def broker_environment() -> dict[str, str]:
    exports = subprocess.run(
        [BROKER, "env", "--name", "drain"], check=True, stdout=subprocess.PIPE).stdout.decode()
    lines = subprocess.run(
        ["bash", "-c", exports + "env -0"], check=True, stdout=subprocess.PIPE).stdout
    return dict(line.split("=", 1) for line in lines.decode().split("\0") if "=" in line)


def compare(bench: Bench, kind: str, events: int, rounds: int) -> None:
    contenders = {
        "C, consume only": bench.consume,
        "C, transactions": bench.transact,
        "system5 run": bench.worker,
    }
    results: dict[str, list[Usage]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            results[name].append(run(kind, events))
            time.sleep(1)
    against = statistics.median(usage.rate for usage in results["C, transactions"])
    print(f"\n{kind}: {events:,} events, medians of {rounds}")
    print(f"{'':17}{'events/s':>12}{'ratio':>8}{'CPU s/million':>15}{'peak MiB':>10}")
    for name, usages in results.items():
        rate, cpu, memory = (
            statistics.median(getattr(usage, field) for usage in usages)
            for field in ("rate", "cpu", "memory"))
        print(f"{name:17}{rate:12,.0f}{rate / against:8.2f}{cpu:15.2f}{memory:10.0f}", flush=True)


def measure_latency(bench: Bench, rate: int, seconds: int, rounds: int) -> None:
    results = []
    for _ in range(rounds):
        results.append(bench.latency(rate, seconds))
        time.sleep(1)
    print(f"\nlatency: {rate:,} events/s for {seconds} s, medians of {rounds}\n")
    print("| ms | hop | transaction | alert | alert to hop + transaction | goal |")
    print("| --- | --- | --- | --- | --- | --- |")
    for index, (name, goal) in enumerate((("p50", 1.3), ("p99", 1.5))):
        columns = [
            statistics.median(result[what][index] for result in results)
            for what in ("hop", "transaction", "alert")]
        # Of each round by itself: what the machine does differs from one to the next.
        ratio = statistics.median(
            result["alert"][index] / (result["hop"][index] + result["transaction"][index])
            for result in results)
        cells = " | ".join(f"{value:.1f}" for value in columns)
        print(f"| {name} | {cells} | {ratio:.2f} | ≤ {goal} |", flush=True)


def compare_settings(bench: Bench, events: int, rate: int, seconds: int, rounds: int) -> None:
    bench.load("variety", events)
    print(f"\nmedians of {rounds}: a drain of {events:,}, alerts at {rate:,} events/s\n")
    print("| setting | events/s | CPU s/million | alert p50, ms | p99 |")
    print("| --- | --- | --- | --- | --- |")
    for settings in SETTINGS:
        usages = [bench.worker("variety", events, settings) for _ in range(rounds)]
        alerts = [bench.latency(rate, seconds, settings)["alert"] for _ in range(rounds)]
        figures = (
            statistics.median(usage.rate for usage in usages),
            statistics.median(usage.cpu for usage in usages),
            *(statistics.median(alert[index] for alert in alerts) for index in (0, 1)))
        name = ", ".join(f"`{setting}`" for setting in settings) or "as it comes"
        print("| {} | {:,.0f} | {:.2f} | {:.1f} | {:.1f} |".format(name, *figures), flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--events", type=int, default=3_000_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--system5", default=str(ROOT / ".build/release/system5"))
    options.add_argument("--latency", action="store_true", help="measure alerts, not rates")
    options.add_argument("--settings", action="store_true", help="rates and alerts by settings")
    options.add_argument("--rate", type=int, default=100, help="events a second, for alerts")
    options.add_argument("--seconds", type=int, default=60, help="how long, for alerts")
    options.add_argument("kinds", nargs="*", metavar="KIND", help="variety, adaptation, policy, mix")
    arguments = options.parse_args()
    if (arguments.latency or arguments.settings) and arguments.kinds:
        options.error("--latency and --settings have events of their own")
    for kind in arguments.kinds:
        if kind not in SHARES:
            options.error(f"no such kind: {kind}")
    # Asked to end, it still stops the broker.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as folder:
        if arguments.settings:
            with_broker(arguments.system5, folder, lambda bench: compare_settings(
                bench, arguments.events, arguments.rate, arguments.seconds, arguments.rounds))
            return
        if arguments.latency:
            with_broker(arguments.system5, folder, lambda bench: measure_latency(
                bench, arguments.rate, arguments.seconds, arguments.rounds))
            return
        # Its records are in memory: each kind begins with an empty broker.
        for kind in arguments.kinds or SHARES:
            with_broker(arguments.system5, folder, lambda bench, kind=kind: drain(
                bench, kind, arguments.events, arguments.rounds))


def with_broker(system5: str, folder: str, body: typing.Callable[[Bench], None]) -> None:
    subprocess.run([BROKER, "start", "--name", "drain"], check=True)
    try:
        body(Bench(system5, folder))
    finally:
        subprocess.run([BROKER, "stop", "--name", "drain"], check=True)


def drain(bench: Bench, kind: str, events: int, rounds: int) -> None:
    bench.load(kind, events)
    compare(bench, kind, events, rounds)


if __name__ == "__main__":
    main()
