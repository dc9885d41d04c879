#!/usr/bin/env bash
# A day of one organisation, told by its events and by what System5 makes of them, through Kafka.
# Exit status 0 only if every result that the story must give was seen, and no other.
set -euo pipefail
# shellcheck source=deploy/local/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/local/common.sh"

usage() {
  cat <<'TEXT'
usage: demo.sh [--keep]
  --keep  leave the broker and the worker running, and say how to reach and to stop them
TEXT
}

broker=$root/deploy/local/broker.sh
name=demo-$$
group="system5-demo"
story=$root/deploy/demo
folder=$run_dir/$name
start_deadline_seconds=60
chapter_deadline_seconds=60
stop_deadline_seconds=30
keep=no
worker=
watchers=()
results=0
shown=0

main() {
  case ${1:-} in
    "") ;;
    --keep) keep=yes ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 64
      ;;
  esac
  command -v swift >/dev/null || die "needs a Swift toolchain on the PATH"
  cd "$root"
  # A developer's own settings must not reach the demo.
  unset "${!SYSTEM5_@}"
  export LC_ALL=C.UTF-8
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  prepare
  start_worker
  tell_the_story
  summarise
}

prepare() {
  say "Setting up, and building System5 for release"
  deploy/local/setup.sh
  swift build --configuration release --static-swift-stdlib --product system5 >&2
  system5=$(swift build --configuration release --show-bin-path)/system5
  "$broker" start --name "$name"
  local exports
  exports=$("$broker" env --name "$name")
  eval "$exports"
  # The local broker takes half of the session timeout to let a member into its group.
  export SYSTEM5_SESSION_TIMEOUT_MS=6000
  # Any free port: another worker may be running here.
  export SYSTEM5_HTTP_BIND=127.0.0.1:0
  "$system5" topics apply --brokers "$SYSTEM5_BROKERS" >&2
}

start_worker() {
  # Sessions of their own: Ctrl-C reaches this script, which then stops them in order.
  setsid "$system5" run --brokers "$SYSTEM5_BROKERS" --group "$group" \
    </dev/null >"$folder/worker.log" 2>&1 &
  worker=$!
  printf '%s\n' "$worker" >"$folder/worker.pid"
  watch "$folder/results.jsonl" --json
  watch "$folder/results.txt"
  say "The worker logs to ${folder#"$root/"}/worker.log"
}

watch() {
  local file=$1
  shift
  : >"$file"
  setsid "$system5" watch --brokers "$SYSTEM5_BROKERS" --from-beginning "$@" \
    </dev/null >"$file" 2>"$file.log" &
  watchers+=("$!")
}

# Each chapter: its events, how many results it must give, and a line of narration.
tell_the_story() {
  chapter 1-quiet-morning 2 \
    "08:00  A quiet morning: acme has an answer to all that its market asks. Above 100, it wants to know."
  chapter 2-demand-rises 6 \
    "08:05  Demand rises. First the market passes its threshold, then acme's own variety."
  chapter 3-quarter-past 2 \
    "08:16  A quarter of an hour is over: is it a trend?"
  chapter 4-adaptations 2 \
    "08:17  The people at work adapt. Three of four attempts succeed, in like circumstances; one report is of an attempt nobody knows."
  chapter 5-policy 1 \
    "08:22  The board stores a policy, loosens it, sees it fail, takes it back; somebody still holds the old version."
  chapter 6-recovery 7 \
    "08:20  Meanwhile operations grow, and demand recedes: what fired is resolved."
  chapter 7-what-was-learnt 2 \
    "08:32  What was learnt is revised, and offered to another domain."
  chapter 8-broken-records 4 \
    "08:35  Something upstream breaks: a repeated record changes nothing, four broken ones are kept, with the reason."
}

chapter() {
  local file=$1 expected=$2 narration=$3
  printf '\n%s\n' "$narration"
  "$system5" emit --brokers "$SYSTEM5_BROKERS" "$story/$file.jsonl" >"$folder/emit.log" 2>&1 || {
    cat "$folder/emit.log" >&2
    die "could not emit $file"
  }
  results=$((results + expected))
  await_results "$file"
}

# Shows results as they come, until the chapter's are all there. The first chapter waits for the
# worker to join its group, too.
await_results() {
  local deadline=$((SECONDS + chapter_deadline_seconds))
  ((shown > 0)) || deadline=$((deadline + start_deadline_seconds))
  until show_new && (($(lines_in "$folder/results.jsonl") >= results && shown >= results)); do
    is_ours "$worker" || fail "the worker ended before its time"
    ((SECONDS < deadline)) ||
      fail "saw $(lines_in "$folder/results.jsonl") results after $1, not $results, in time"
    sleep 0.05
  done
}

show_new() {
  local count
  count=$(lines_in "$folder/results.txt")
  ((count == shown)) || sed -n "$((shown + 1)),${count}s/^/       /p" "$folder/results.txt"
  shown=$count
}

lines_in() { wc -l <"$1"; }

fail() {
  tail -n 20 "$folder/worker.log" >&2
  cat "$folder"/results.*.log >&2
  die "$1 (the files are in $folder)"
}

summarise() {
  printf '\nAll of it, as read from the result topics:\n'
  "$venv/bin/python" "$story/summary.py" "$folder/results.jsonl" ||
    die "these are not the results that the story must give (they are in $folder)"
  if [[ $keep == yes ]]; then
    say_how_to_go_on
  else
    stop_worker || fail "the worker did not end well"
  fi
}

say_how_to_go_on() {
  cat >&2 <<TEXT

The broker and the worker are still running. To look around:
  $(http_address) in a browser
  eval "\$(deploy/local/broker.sh env --name $name)"
  ${system5#"$root/"} watch --from-beginning
To stop them:
  kill $worker
  deploy/local/broker.sh stop --name $name
TEXT
}

# Where the worker answers over HTTP, as its log tells.
http_address() {
  local line
  line=$(grep -m 1 'HTTP is served' "$folder/worker.log" | grep -o 'advertised=[^ ]*') || true
  printf 'http://%s/' "${line#*=}"
}

finish() {
  local status=$? process
  trap - EXIT INT TERM
  for process in "${watchers[@]}"; do
    end_process "$process" || true
  done
  if [[ $status -ne 0 || $keep == no ]]; then
    stop_worker || true
    "$broker" stop --name "$name" 2>/dev/null || true
  fi
  # The logs are for whoever has to find out what went wrong.
  [[ $status -ne 0 || $keep == yes ]] || rm -rf "$folder" "$folder.lock"
  exit "$status"
}

stop_worker() {
  [[ -n $worker ]] || return 0
  local process=$worker
  worker=
  end_process "$process"
}

# Asks one of our processes to end, and answers how it did; kills it if it takes too long.
end_process() {
  local deadline=$((SECONDS + stop_deadline_seconds)) status=0
  ! is_ours "$1" || kill -TERM "$1" 2>/dev/null || true
  while is_ours "$1"; do
    if ((SECONDS >= deadline)); then
      say "process $1 did not end when asked; killing it"
      kill -KILL "$1" 2>/dev/null || true
    fi
    sleep 0.05
  done
  wait "$1" || status=$?
  return "$status"
}

# A child that is still running: `jobs` forgets those that have ended.
is_ours() { jobs -pr | grep -qx "$1"; }

main "$@"
