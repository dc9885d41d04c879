#!/usr/bin/env bash
# Asks a worker whatever its OpenAPI document allows, and much that it does not, and holds what it
# answers to that document. Needs the local broker, whose address SYSTEM5_TEST_BROKERS says.
set -euo pipefail
# shellcheck source=deploy/local/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/local/common.sh"

examples=20
start_deadline_seconds=60
prefix=api$$.
folder=$run_dir/api-$$
worker=

main() {
  [[ $# -eq 1 ]] || die "usage: api.sh PATH/TO/system5"
  system5=$1
  brokers=${SYSTEM5_TEST_BROKERS:?}
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir -p "$folder"
  start_worker
  await_records
  ask
}

start_worker() {
  local connection=(--brokers "$brokers" --prefix "$prefix") file
  "$system5" topics apply "${connection[@]}" >"$folder/log" 2>&1
  for file in "$root"/deploy/demo/*.jsonl; do
    sed "s/\"topic\":\"system5\\./\"topic\":\"$prefix/" "$file" >"$folder/events.jsonl"
    "$system5" emit "${connection[@]}" "$folder/events.jsonl" >>"$folder/log" 2>&1
  done
  "$system5" run "${connection[@]}" --group "${prefix}group" --session-timeout-ms 2000 \
    --set http.bind=127.0.0.1:0 </dev/null >"$folder/worker.log" 2>&1 &
  worker=$!
}

await_records() {
  local deadline=$((SECONDS + start_deadline_seconds))
  until address=$(address_of_worker) && [[ -n $address ]] &&
    "$system5" get policies acme staffing_policy --url "http://$address" >"$folder/log" 2>&1; do
    if ! kill -0 "$worker" 2>/dev/null || ((SECONDS >= deadline)); then
      cat "$folder/worker.log" >&2
      die "the worker does not answer"
    fi
    sleep 0.1
  done
}

address_of_worker() {
  grep -m 1 'HTTP is served' "$folder/worker.log" | grep -o 'advertised=[^ ]*' | cut -d = -f 2
}

# A cursor is a string to a schema, and only the server's own are good ones.
ask() {
  (cd "$folder" && "$api_venv/bin/schemathesis" run "http://$address/openapi.json" \
    --exclude-path /v1/events --checks all --exclude-checks positive_data_acceptance \
    --phases examples,coverage,fuzzing --max-examples "$examples" --generation-deterministic \
    --no-color)
}

finish() {
  local status=$?
  trap - EXIT INT TERM
  if [[ -n $worker ]]; then
    kill -TERM "$worker" 2>/dev/null || true
    wait "$worker" || true
  fi
  [[ $status -ne 0 ]] || rm -rf "$folder"
  exit "$status"
}

main "$@"
