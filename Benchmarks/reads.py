#!/usr/bin/env python3
"""How much reading costs the loop: a worker drains a log alone, and while it is asked.

Needs a broker, the built program and h2load (Debian's nghttp2-client). Runs by turns, as machines change their
minds, and prints each run and the ratio of the medians:

    deploy/local/broker.sh start --name bench
    eval "$(deploy/local/broker.sh env --name bench)"
    Benchmarks/reads.py .build/release/system5 --brokers "$SYSTEM5_BROKERS"
"""

import argparse
import collections
import http.client
import json
import os
import random
import re
import signal
import statistics
import subprocess
import tempfile
import time

SYSTEMS, SOURCES = 20, 50
START = 1_795_420_800


def main():
    options = parse()
    prefix = f"reads{os.getpid()}."
    with tempfile.TemporaryDirectory() as folder:
        connection = ["--brokers", options.brokers, "--prefix", prefix]
        load(options, prefix, connection, folder)
        rates = {False: [], True: []}
        for turn in range(2 * options.turns):
            is_asked = turn % 2 == 1
            rate, told = run(options, connection, f"{prefix}{turn}", is_asked, folder)
            rates[is_asked].append(rate)
            print(f"{'asked' if is_asked else 'alone'}  {rate:9.0f} records/s  {told}", flush=True)
    alone, asked = (statistics.median(rates[key]) for key in (False, True))
    print(f"ratio {asked / alone:.3f}")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("program")
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--rate", type=int, default=1000, help="requests a second")
    parser.add_argument("--turns", type=int, default=3)
    return parser.parse_args()


def load(options, prefix, connection, folder):
    path = os.path.join(folder, "events.jsonl")
    with open(path, "w", encoding="utf-8") as file:
        for number in range(options.records):
            print(json.dumps(line(prefix, number), separators=(",", ":")), file=file)
    subprocess.run([options.program, "topics", "apply", *connection], check=True, capture_output=True)
    subprocess.run([options.program, "emit", path, *connection], check=True, capture_output=True)


def line(prefix, number):
    """Nine in ten a measurement, some adaptations, a few policies; the same each time."""
    chance = random.Random(number)
    time_text = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START + number // 50))
    if number % 50 == 0:
        topic, kind = "policy", "policy.stored"
        data = {"policy": f"policy-{number % 500}", "data": {"type": "limit", "limit": number}}
    elif number % 10 == 1:
        topic, kind = "adaptation", "adaptation.outcome-recorded"
        data = {
            "adaptation": f"adaptation-{number % 5000}", "success": chance.random() < 0.8,
            "anomaly_context": {"type": "slow", "load": number % 7}, "policy_changes": ["scale_up"],
        }
    else:
        topic, kind = "variety", "variety.measured"
        data = {"source": f"source-{number % SOURCES}", "variety": chance.randrange(1000)}
    event = {
        "specversion": "1.0", "id": f"r-{number}", "source": "/bench", "type": f"system5.{kind}",
        "time": time_text, "data": data,
    }
    system = f"system-{chance.randrange(SYSTEMS)}"
    return {"topic": f"{prefix}{topic}.events", "timestamp": time_text, "key": system, "value": event}


def run(options, connection, group, is_asked, folder):
    """Drains the log once; answers records a second and what the readers saw."""
    log = os.path.join(folder, f"{group}.log")
    with open(log, "w", encoding="utf-8") as output:
        worker = subprocess.Popen(
            [options.program, "run", *connection, "--group", group, "--session-timeout-ms", "6000",
             "--set", "http.bind=127.0.0.1:0"], stderr=output)
    try:
        host, port = address(log, worker)
        readers = Readers(host, port, options.rate, folder) if is_asked else None
        rate, since = drain(host, port, options.records)
        told = readers.stop(since) if readers else ""
    finally:
        worker.send_signal(signal.SIGTERM)
        usage = os.wait4(worker.pid, 0)[2]
    cpu = (usage.ru_utime + usage.ru_stime) / options.records * 1e6
    return rate, f"{cpu:5.2f} CPU s/million  {told}"


def address(log, worker):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and worker.poll() is None:
        with open(log, encoding="utf-8") as file:
            if found := re.search(r"advertised=(\S+):(\d+)", file.read()):
                return found[1], int(found[2])
        time.sleep(0.02)
    raise SystemExit("the worker does not answer")


def drain(host, port, records):
    """The rate between a twentieth and the whole of the records, and when that twentieth was done."""
    client = http.client.HTTPConnection(host, port)
    samples, done = [], 0
    deadline = time.monotonic() + 300
    while done < records and time.monotonic() < deadline:
        client.request("GET", "/v1/shards?limit=1000")
        shards = json.loads(client.getresponse().read())["shards"]
        done = sum(shard["offset"] for shard in shards)
        if done >= records / 20:
            samples.append((time.time(), done))
        time.sleep(0.05)
    (first, before), (last, after) = samples[0], samples[-1]
    return (after - before) / (last - first), first


class Readers:
    """Asks at a steady rate: h2load, for an asker in Python takes as much as the answers do."""

    CONNECTIONS = 4

    def __init__(self, host, port, rate, folder):
        addresses, self.log = os.path.join(folder, "addresses"), os.path.join(folder, "requests")
        with open(addresses, "w", encoding="utf-8") as file:
            for number in range(2000):
                print(f"http://{host}:{port}{target(number)}", file=file)
        self.process = subprocess.Popen(
            ["h2load", "--h1", "-c", str(self.CONNECTIONS), "--rps", str(rate / self.CONNECTIONS),
             "-D", "600", "-i", addresses, "--log-file", self.log], stdout=subprocess.DEVNULL)

    def stop(self, since):
        """What they saw since then, in seconds of the system's clock."""
        seconds = time.time() - since
        self.process.terminate()
        self.process.wait()
        with open(self.log, encoding="utf-8") as file:
            rows = [[int(word) for word in line.split()] for line in file if line.endswith("\n")]
        os.remove(self.log)
        rows = [row for row in rows if row[0] >= since * 1e6]
        statuses = dict(sorted(collections.Counter(status for _, status, _ in rows).items()))
        latencies = sorted(latency for _, _, latency in rows)
        middle, worst = latencies[len(latencies) // 2], latencies[len(latencies) * 99 // 100]
        return (f"{len(latencies) / seconds:.0f} requests/s, {statuses}, "
                f"median {middle / 1e3:.1f} ms, 99 % {worst / 1e3:.1f} ms")


def target(number):
    """Reads of every kind: many of one thing, some lists, a few that take long."""
    root = f"/v1/systems/system-{number % SYSTEMS}"
    one = [f"{root}/variety/source-{number % SOURCES}", f"{root}/policies/policy-0",
           f"{root}/adaptations/metrics", f"{root}/adaptations/adaptation-1"]
    lists = [f"{root}/alerts", f"{root}/variety?limit=20", f"{root}/policies?limit=10",
             f"{root}/variety/requisite"]
    long = [f"{root}/variety/trends?range=hour", f"{root}/adaptations/successful?limit=10",
            f"{root}/variety/source-1/history?range=hour&points=100", "/v1/statistics?limit=20"]
    kind = number % 20
    if kind < 12:
        return one[number % 4]
    return lists[number % 4] if kind < 18 else long[number // 20 % 4]


if __name__ == "__main__":
    main()
