#!/usr/bin/env bash
# Everything that must hold before a change goes in, on a bare Debian 12 with a Swift toolchain.
# Leaves nothing running. Exit status 0 only if all of it passed.
set -euo pipefail
# shellcheck source=deploy/local/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/local/common.sh"

broker=$root/deploy/local/broker.sh
broker_name=test-$$
timings=()
# No stage takes half as long, even on a slow machine; one that hangs must not hang for ever.
stage_limit=2400

usage() {
  cat <<'TEXT'
usage: test.sh [--seeds N] [--bounces N]
  --seeds N    how many runs the simulator is put through (1000)
  --bounces N  how often a broker is killed under a running worker (0, as its storage takes a
               minute to set up the first time)
TEXT
}

main() {
  local seeds=1000 bounces=0
  parse_options "$@"
  command -v swift >/dev/null || die "needs a Swift toolchain on the PATH"
  cd "$root"
  # A developer's own settings must not reach the tests.
  unset "${!SYSTEM5_@}"
  export LC_ALL=C.UTF-8
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  stage "set up" deploy/local/setup.sh --for-tests
  stage "shell scripts" check_scripts
  stage "format" swift format lint --strict --recursive Package.swift Sources Tests
  stage "purity of the core" check_purity
  stage "contract" "$venv/bin/python" topics/check.py
  stage "debug build" swift build --build-tests --explicit-target-dependency-import-check error
  # As it is packaged.
  stage "release build" swift build --configuration release --static-swift-stdlib --product system5
  stage "broker" "$broker" start --name "$broker_name"
  use_products_and_broker
  stage "contract against the program" "$venv/bin/python" topics/check.py --derive "$SYSTEM5_BIN"
  stage "monitoring" "$venv/bin/python" deploy/monitoring/check.py "$SYSTEM5_BIN" \
    --promtool "$promtool"
  stage "story of the demo" check_story
  stage "simulator" "$SYSTEM5_RELEASE_BIN" simulate --seeds "$seeds"
  # Apart: beside workers and brokers the unit tests take minutes, and what they time runs out.
  stage "unit tests" swift test --skip-build --skip IntegrationTests
  # One after the other: they share a broker, and wait where Swift's few threads are needed.
  stage "integration tests" swift test --skip-build --no-parallel --filter IntegrationTests
  stage "HTTP API against its description" deploy/api.sh "$SYSTEM5_RELEASE_BIN"
  stage "packages" deploy/check-packages.sh --binary "$SYSTEM5_RELEASE_BIN"
  stage "dashboard" "$venv/bin/python" -m unittest discover --start-directory Tests/Dashboard
  say "all passed"
}

parse_options() {
  while [[ $# -gt 0 ]]; do
    [[ ${2:-} =~ ^[0-9]{1,9}$ ]] || {
      usage >&2
      exit 64
    }
    case $1 in
      --seeds) seeds=$2 ;;
      --bounces) bounces=$2 ;;
      *)
        usage >&2
        exit 64
        ;;
    esac
    shift 2
  done
}

# Runs a command as a named stage, and says how long it took. A stage that fails ends the run.
stage() {
  local name=$1 started=$EPOCHREALTIME status=0
  shift
  say "--- $name"
  # A process group of its own, waited for: a signal is acted on at once and reaches all of it.
  set -m
  "$@" </dev/null &
  running=$!
  (
    sleep "$stage_limit"
    say "$name is not done after $stage_limit s"
    kill -TERM -- "-$running"
  ) &
  watchdog=$!
  set +m
  wait "$running" || status=$?
  running=
  end_group "$watchdog"
  watchdog=
  timings+=("$(printf '%8.1f s  %s' "$(seconds_since "$started")" "$name")")
  [[ $status -eq 0 ]] || {
    say "failed: $name (exit status $status)"
    exit "$status"
  }
}

seconds_since() {
  local now=$EPOCHREALTIME
  local microseconds=$((${now/[.,]/} - ${1/[.,]/}))
  printf '%d.%06d' $((microseconds / 1000000)) $((microseconds % 1000000))
}

check_scripts() {
  local scripts
  mapfile -t scripts < <(git ls-files 'deploy/*.sh' .ci/run)
  shellcheck --external-sources "${scripts[@]}"
}

# The core can do no I/O because it can name nothing that does.
check_purity() {
  local found
  found=$(grep -rnE '^[[:space:]]*(@[A-Za-z_()]+[[:space:]]+)*((public|package|internal|fileprivate|private)[[:space:]]+)?import[[:space:]]' \
    Sources/System5Core | grep -vE 'import[[:space:]]+HashTreeCollections[[:space:]]*$' || true)
  [[ -z $found ]] || {
    say "System5Core may import HashTreeCollections and nothing else:"
    say "$found"
    return 1
  }
}

# Without a broker: deploy/demo.sh tells the same story through one.
check_story() {
  "$SYSTEM5_BIN" derive deploy/demo/*.jsonl | "$venv/bin/python" deploy/demo/summary.py
}

use_products_and_broker() {
  local exports
  exports=$("$broker" env --name "$broker_name")
  eval "$exports"
  # For a person at a shell; the tests say what they mean by themselves.
  unset SYSTEM5_BROKERS
  SYSTEM5_BIN=$(swift build --show-bin-path)/system5
  SYSTEM5_RELEASE_BIN=$(swift build --configuration release --show-bin-path)/system5
  # Most seeds run in the release build, which takes a tenth of the time.
  SYSTEM5_TEST_SEEDS=100
  export SYSTEM5_BIN SYSTEM5_RELEASE_BIN SYSTEM5_TEST_SEEDS
  [[ $bounces -eq 0 ]] || export SYSTEM5_TEST_BOUNCES=$bounces
}

finish() {
  local status=$?
  trap - EXIT INT TERM
  [[ -z ${running:-} ]] || end_group "$running"
  [[ -z ${watchdog:-} ]] || end_group "$watchdog"
  "$broker" stop --name "$broker_name" 2>/dev/null || true
  # Its log is for whoever has to find out what went wrong.
  [[ $status -ne 0 ]] || rm -rf "${run_dir:?}/$broker_name" "$run_dir/$broker_name.lock"
  [[ ${#timings[@]} -eq 0 ]] || printf '%s\n' "" "${timings[@]}" >&2
  exit "$status"
}

end_group() {
  kill -TERM -- "-$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

main "$@"
