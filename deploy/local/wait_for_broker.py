"""Waits until the process PID listens on 127.0.0.1:PORT and answers a Kafka client, unless it
answers only to those who say who they are.

usage: wait_for_broker.py PID PORT SECONDS yes|no
exit status: 0 it answers, 1 it does not in time, 2 the process has gone
"""

import os
import pathlib
import sys
import time

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

LISTEN = "0A"


def is_alive(pid: int) -> bool:
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in ("Z", "X")


def listens(pid: int, port: int) -> bool:
    """Another program on the same port would answer too, so ask whose socket it is."""
    address = f"0100007F:{port:04X}"
    rows = (row.split() for row in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:])
    sockets = {f"socket:[{row[9]}]" for row in rows if row[1] == address and row[3] == LISTEN}
    try:
        descriptors = [entry.path for entry in os.scandir(f"/proc/{pid}/fd")]
    except FileNotFoundError:
        return False
    return any(link_target(path) in sockets for path in descriptors)


def link_target(path: str) -> str:
    try:
        return os.readlink(path)
    except FileNotFoundError:
        return ""


def answers(port: int, seconds: float) -> bool:
    client = AdminClient({"bootstrap.servers": f"127.0.0.1:{port}"}, logger=None)
    try:
        return bool(client.list_topics(timeout=seconds).brokers)
    except KafkaException:
        return False


def main() -> int:
    pid, port, deadline = int(sys.argv[1]), int(sys.argv[2]), time.monotonic() + float(sys.argv[3])
    asks_who = sys.argv[4] == "yes"
    while (left := deadline - time.monotonic()) > 0:
        if not is_alive(pid):
            return 2
        if listens(pid, port) and (asks_who or answers(port, min(left, 2))):
            return 0
        time.sleep(0.01)
    return 1


if __name__ == "__main__":
    sys.exit(main())
