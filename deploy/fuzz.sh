#!/usr/bin/env bash
# Feeds mutated records, record lines, JSON and checkpoints to what reads them, and checks what
# becomes of each. Exit status 1 if any trapped, hung or broke a promise; it is then named with its
# seed and in Base64, and `deploy/fuzz.sh --input BASE64` repeats it.
set -euo pipefail

usage() {
  cat >&2 <<'END'
usage: deploy/fuzz.sh [--inputs N] [--seed S] [--seconds T] [--target NAME]... [--input BASE64]
       deploy/fuzz.sh --guided [LIBFUZZER_ARGUMENT...]

Targets: records, lines, json, checkpoints, manifests, shelves; all where none is named.
--guided lets libFuzzer guide by coverage, for instance `--guided -max_total_time=600`.
END
  exit 64
}

cd "$(dirname "${BASH_SOURCE[0]}")/.."
arguments=()
guided=
while [[ $# -gt 0 ]]; do
  case $1 in
    --guided)
      guided=1
      shift
      break
      ;;
    --inputs | --seed | --seconds | --target | --input)
      [[ $# -ge 2 ]] || usage
      arguments+=("$1" "$2")
      shift 2
      ;;
    *) usage ;;
  esac
done

seeds=(--cases Tests/FuzzTests/Corpus/json.jsonl topics/examples/*.in.jsonl)
scratch=${SYSTEM5_FUZZ_SCRATCH:-.build}
if [[ -n $guided ]]; then
  # A folder of its own: everything is compiled with counters for edges.
  scratch=$scratch-guided
  swift build --configuration release --scratch-path "$scratch" --product system5-fuzz \
    -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library -Xswiftc -DSYSTEM5_LIBFUZZER \
    -Xcxx -fsanitize=fuzzer-no-link -Xswiftc -use-ld=lld >&2
  corpus=$(mktemp -d)
  trap 'rm -rf "$corpus"' EXIT
  "$scratch/release/system5-fuzz" "--guided=$* $corpus" "${seeds[@]}"
else
  swift build --configuration release --scratch-path "$scratch" --product system5-fuzz >&2
  exec "$scratch/release/system5-fuzz" "${arguments[@]}" "${seeds[@]}"
fi
