#!/usr/bin/env bash
# A Kafka-compatible broker to develop with, on 127.0.0.1 only, its records in memory.
set -euo pipefail
# shellcheck source=deploy/local/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

usage() {
  cat <<'TEXT'
usage: broker.sh start  [--name NAME] [--port N] [--advertise N] [--authentication] [--durable]
                                                   start one; a free port unless one is given.
                                                   --advertise: the port that clients are told, of
                                                   a proxy in front; --authentication: refuse who
                                                   does not say who it is, and it knows nobody;
                                                   --durable: its records survive a bounce, slowly
       broker.sh bounce [--name NAME]              kill a durable one, and start it again
       broker.sh stop   [--name NAME]              stop it; its records are gone
       broker.sh status [--name NAME]              is it running, and where (exit status 3 if not)
       broker.sh env    [--name NAME]              shell exports for programs that use it:
                                                   eval "$(deploy/local/broker.sh env)"
Several brokers may run, each by its NAME ("default" if not given).
TEXT
}

start_deadline_seconds=15
stop_deadline_seconds=10
storage_deadline_seconds=30
attempts=5
durable_venv=$local_dir/durable

main() {
  local command=${1:-}
  [[ $# -eq 0 ]] || shift
  parse_options "$@"
  files=$run_dir/$name
  case $command in
    start) with_lock start ;;
    bounce) with_lock bounce ;;
    stop) with_lock stop ;;
    status) status ;;
    env) print_env ;;
    help | --help | -h) usage ;;
    *)
      usage >&2
      exit 64
      ;;
  esac
}

parse_options() {
  name=default
  port=
  advertised=
  authentication=no
  durable=no
  while [[ $# -gt 0 ]]; do
    case $1 in
      --durable)
        durable=yes
        shift
        continue
        ;;
      --authentication)
        authentication=yes
        shift
        continue
        ;;
      --name) name=${2:-} ;;
      --port) port=${2:-} ;;
      --advertise) advertised=${2:-} ;;
      *)
        usage >&2
        exit 64
        ;;
    esac
    [[ $# -ge 2 ]] || die "$1 needs a value"
    shift 2
  done
  [[ $name =~ ^[A-Za-z0-9_-]{1,64}$ ]] || die "a name is letters, digits, - and _: not '$name'"
  local number
  for number in "$port" "$advertised"; do
    [[ -z $number || ($number =~ ^[0-9]{1,5}$ && $number -ge 1 && $number -le 65535) ]] ||
      die "a port is 1 to 65535: not '$number'"
  done
}

# One start or stop of a name at a time. The lock is a file of its own, beside the folder.
with_lock() {
  mkdir -p "$run_dir"
  exec 9>"$files.lock"
  flock 9
  "$@"
}

start() {
  [[ -x $(broker_binary) ]] || die "not set up yet: run deploy/local/setup.sh"
  if is_running; then
    [[ -z $port || $port == "$(<"$files/port")" ]] ||
      die "broker '$name' already listens on port $(<"$files/port")"
    status
    return
  fi
  [[ $durable == no ]] || start_storage
  start_broker
}

# Kills the broker as a power cut would, and starts it again where it was, on the same records.
bounce() {
  [[ -s $files/storage ]] || die "broker '$name' is not durable"
  is_running || die "broker '$name' is not running"
  local pid
  pid=$(<"$files/pid")
  port=$(<"$files/port")
  kill -KILL "$pid"
  while is_running; do sleep 0.01; done
  start_broker
}

start_broker() {
  local wanted=$port attempt outcome
  for ((attempt = 1; attempt <= attempts; attempt++)); do
    launch "${wanted:-$(free_port)}"
    outcome=0
    "$venv/bin/python" "$root/deploy/local/wait_for_broker.py" \
      "$(<"$files/pid")" "$(<"$files/port")" "$start_deadline_seconds" "$authentication" ||
      outcome=$?
    if [[ $outcome -eq 0 ]]; then
      status
      return
    fi
    stop_process
    # A free port may be taken between looking and listening: look again. A given one is final.
    [[ -z $wanted ]] || break
  done
  tail -n 5 "$files/log" >&2
  die "broker '$name' did not answer; its log is $files/log"
}

launch() {
  mkdir -p "$files"
  local storage=memory://tansu/ options=()
  [[ $authentication == no ]] || options+=(--authentication)
  if [[ -s $files/storage ]]; then
    storage=s3://tansu/
    AWS_ENDPOINT=http://127.0.0.1:$(<"$files/storage.port")
    export AWS_ENDPOINT AWS_ALLOW_HTTP=true AWS_DEFAULT_REGION=us-east-1
    export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  fi
  "$venv/bin/python" "$root/deploy/local/detach.py" "$(broker_binary)" broker --listener-url "tcp://127.0.0.1:$1" \
    --advertised-listener-url "tcp://127.0.0.1:${advertised:-$1}" --storage-engine "$storage" \
    "${options[@]}" \
    </dev/null >>"$files/log" 2>&1 &
  printf '%s\n' "$!" >"$files/pid"
  printf '%s\n' "$1" >"$files/port"
}

# A local S3, which outlives the broker: its records are kept there.
start_storage() {
  make_durable_venv
  mkdir -p "$files"
  local storage_port
  storage_port=$(free_port)
  "$venv/bin/python" "$root/deploy/local/detach.py" "$durable_venv/bin/moto_server" -H 127.0.0.1 -p "$storage_port" \
    </dev/null >"$files/storage.log" 2>&1 &
  printf '%s\n' "$!" >"$files/storage"
  printf '%s\n' "$storage_port" >"$files/storage.port"
  "$durable_venv/bin/python" - "$storage_port" "$storage_deadline_seconds" <<'PYTHON' ||
import sys, time, urllib.request
url, deadline = f"http://127.0.0.1:{sys.argv[1]}/tansu", time.monotonic() + float(sys.argv[2])
while True:
    try:
        urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=5)
        break
    except OSError:
        if time.monotonic() > deadline:
            sys.exit(1)
        time.sleep(0.1)
PYTHON
    die "the storage of broker '$name' did not answer; its log is $files/storage.log"
}

make_durable_venv() {
  local wanted=$root/deploy/local/requirements-durable.txt
  cmp -s "$wanted" "$durable_venv/requirements.stamp" && return 0
  say "setting up the storage of durable brokers"
  "$venv/bin/python" -m venv --clear "$durable_venv"
  "$durable_venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --requirement "$wanted" >&2
  cp "$wanted" "$durable_venv/requirements.stamp"
}

# Ends the storage we started, and no other. It has nothing to put in order.
stop_storage() {
  [[ -s $files/storage ]] || return 0
  local pid
  pid=$(<"$files/storage")
  if [[ -r /proc/$pid/cmdline && $(tr '\0' ' ' <"/proc/$pid/cmdline") == *moto_server* ]]; then
    kill -KILL "$pid" 2>/dev/null || true
  fi
  rm -f "$files/storage" "$files/storage.port"
}

free_port() {
  "$venv/bin/python" -c \
    'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

stop() {
  if is_running; then
    stop_process
    stop_storage
    say "broker '$name' stopped"
  else
    stop_storage
    rm -f "$files/pid" "$files/port"
    say "broker '$name' is not running"
  fi
}

# Ends the process we started, and no other: its id may have been given to another program since.
stop_process() {
  local pid waited=0
  is_running || return 0
  pid=$(<"$files/pid")
  kill -TERM "$pid" 2>/dev/null || true
  while is_running; do
    if ((waited++ >= stop_deadline_seconds * 20)); then
      say "broker '$name' did not stop when asked; killing process $pid"
      kill -KILL "$pid" 2>/dev/null || true
      break
    fi
    sleep 0.05
  done
  rm -f "$files/pid" "$files/port"
}

is_running() {
  [[ -s $files/pid && -s $files/port ]] || return 1
  local executable
  executable=$(readlink "/proc/$(<"$files/pid")/exe" 2>/dev/null) || return 1
  # The kernel marks a binary that was replaced while it ran.
  [[ ${executable% (deleted)} == "$(readlink -f "$(broker_binary)")" ]]
}

status() {
  if is_running; then
    say "broker '$name' listens on 127.0.0.1:$(<"$files/port")" \
      "(process $(<"$files/pid"), log ${files#"$root/"}/log)"
  else
    say "broker '$name' is not running"
    return 3
  fi
}

print_env() {
  is_running || die "broker '$name' is not running: deploy/local/broker.sh start"
  local address
  address=127.0.0.1:$(<"$files/port")
  printf 'export SYSTEM5_TEST_BROKERS=%s\n' "$address"
  printf 'export SYSTEM5_BROKERS=%s\n' "$address"
  # The caller's own path is added by the caller's shell, when it evaluates this.
  # shellcheck disable=SC2016
  printf 'export LD_LIBRARY_PATH=%q${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\n' "$(library_path)"
}

main "$@"
