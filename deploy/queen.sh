#!/usr/bin/env bash
# The Queen beside a worker, with her alerts on their way to a real Alertmanager: what she stores,
# what is learnt from it, and an alert that fires and resolves. Exit status 0 only if all of it was
# seen. Leaves nothing running.
set -euo pipefail
# shellcheck source=deploy/local/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/local/common.sh"

broker=$root/deploy/local/broker.sh
name=queen-$$
folder=$run_dir/$name
system=machine
seconds=600
processes=()

usage() {
  cat <<'TEXT'
usage: queen.sh [--seconds N] [--programs FOLDER]
  --seconds N        how long the Queen runs (600)
  --programs FOLDER  where `system5` and `queen` are; built for debugging unless given
TEXT
}

main() {
  local programs=
  while [[ $# -gt 0 ]]; do
    case $1-${2:+value} in
      --seconds-value) seconds=$2 ;;
      --programs-value) programs=$(cd "$2" && pwd -P) ;;
      *)
        usage >&2
        exit 64
        ;;
    esac
    shift 2
  done
  [[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || {
    usage >&2
    exit 64
  }
  cd "$root"
  # A developer's own settings must not reach the programs.
  unset "${!SYSTEM5_@}"
  export LC_ALL=C.UTF-8
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  prepare "$programs"
  start_all
  look_on
  judge
}

prepare() {
  deploy/local/setup.sh --for-tests
  if [[ -z $1 ]]; then
    swift build --product system5 >&2
    swift build --product queen >&2
    set -- "$(swift build --show-bin-path)"
  fi
  system5=$1/system5
  queen=$1/queen
  "$broker" start --name "$name"
  local exports
  exports=$("$broker" env --name "$name")
  eval "$exports"
  export SYSTEM5_SESSION_TIMEOUT_MS=6000
  "$system5" topics apply --brokers "$SYSTEM5_BROKERS" >&2
  alerts_port=$(free_port)
  http_port=$(free_port)
  printf 'route: {receiver: none}\nreceivers: [{name: none}]\n' >"$folder/alertmanager.yml"
}

free_port() {
  "$venv/bin/python" -c '
import socket
with socket.create_server(("127.0.0.1", 0)) as server: print(server.getsockname()[1])'
}

start_all() {
  start alertmanager "$alertmanager" --config.file="$folder/alertmanager.yml" \
    --storage.path="$folder/alertmanager" --web.listen-address="127.0.0.1:$alerts_port" \
    --cluster.listen-address=
  start worker "$system5" run --set "http.bind=127.0.0.1:$http_port"
  # It tells of what is resolved for a while, as Prometheus does.
  start forward "$system5" forward --alertmanager "http://127.0.0.1:$alerts_port" --resend 10
  start queen "$queen" --brokers "$SYSTEM5_BROKERS" --system "$system" --metric own --exercise \
    --session-timeout-seconds 6 --duration "$seconds"
  queen_process=${processes[-1]}
}

# A session of its own: Ctrl-C reaches this script, which then stops them in order.
start() {
  local what=$1
  shift
  setsid "$@" </dev/null >"$folder/$what.log" 2>&1 &
  processes+=("$!")
}

# Says what changes at Alertmanager while the Queen runs, and once more when she has ended.
look_on() {
  local active before=
  fired=no resolved=no
  say "The Queen runs for $seconds s; the logs are in ${folder#"$root/"}"
  while true; do
    active=$(active_alerts) || active=$before
    if [[ $active != "$before" ]]; then
      say "$(printf '%5d s' "$SECONDS")  Alertmanager has: ${active:-no alert}"
      [[ $active != *requisite-variety* ]] || fired=yes
      [[ $before != *requisite-variety* || $active == *requisite-variety* ]] || resolved=yes
      before=$active
    fi
    kill -0 "$queen_process" 2>/dev/null || break
    sleep 1
  done
}

active_alerts() {
  "$venv/bin/python" - "$alerts_port" <<'PYTHON'
import json, sys, urllib.request
with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/api/v2/alerts", timeout=5) as answer:
    print(" ".join(sorted(alert["labels"]["alertname"] for alert in json.load(answer))))
PYTHON
}

judge() {
  local what
  wait "$queen_process" || die "the Queen did not end well (see $folder/queen.log)"
  for what in policies adaptations patterns variety; do
    printf '\n%s\n' "$what"
    "$system5" get "$what" "$system" --url "http://127.0.0.1:$http_port" | head -12 |
      tee "$folder/$what.txt"
    # A heading and a row at least.
    (($(wc -l <"$folder/$what.txt") > 1)) || die "the store has no $what"
  done
  [[ $fired == yes && $resolved == yes ]] ||
    die "at Alertmanager requisite-variety fired: $fired, and resolved: $resolved"
}

finish() {
  local status=$? index
  trap - EXIT INT TERM
  for ((index = ${#processes[@]} - 1; index >= 0; index--)); do
    kill -TERM -- "${processes[index]}" 2>/dev/null || true
    wait "${processes[index]}" 2>/dev/null || true
  done
  "$broker" stop --name "$name" 2>/dev/null || true
  # The logs are for whoever has to find out what went wrong.
  [[ $status -ne 0 ]] || rm -rf "$folder" "$folder.lock"
  exit "$status"
}

main "$@"
