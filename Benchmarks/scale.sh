#!/usr/bin/env bash
# What grows with the number of entities: builds `scale`, runs it for each of them in a process of
# its own, and prints a table to paste.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

usage() {
  cat >&2 <<'TEXT'
usage: scale.sh memory      bytes of an entity, over 1,000,000 of each
       scale.sh growth [COUNT…]
                            events/s as entities grow from 1,000 to 1,000,000; draws growth.svg
       scale.sh checkpoint  MB/s of writing a checkpoint and of restoring from it
       scale.sh pause       how long a commit's snapshot holds up the loop
       scale.sh pipelines   events/s of two pipelines at once to those of one
Times are CPU time, but for pipelines: other programs on the machine matter less.
TEXT
  exit 64
}

main() {
  case $#-${1:-} in
    1-memory | *-growth | 1-checkpoint | 1-pause | 1-pipelines) ;;
    *) usage ;;
  esac
  swift build --package-path "$here" --configuration release --product scale >&2
  scale=$(swift build --package-path "$here" --configuration release --show-bin-path)/scale
  "$@"
}

memory() {
  header "entities" "number" "bytes each" "goal"
  row memory measurements 1000000 24
  row memory adaptations 1000000 600
  row memory policies 1000000 1000
}

growth() {
  local entities count file=$here/growth.csv
  [[ $# -gt 0 ]] || set -- 1000 10000 100000 1000000
  echo "entities,count,events_per_second" >"$file"
  for entities in sources systems policies adaptations; do
    for count; do
      "$scale" growth "$entities" "$count" | tee -a "$file" >&2
    done
  done
  "$here/growth.py" "$file" "$here/growth.svg"
}

checkpoint() {
  header "input" "records" "MB" "write MB/s" "restore MB/s" "goal"
  row checkpoint policy 1000000 300
  row checkpoint adaptation 1000000 300
  row checkpoint variety 5000000 300
}

# Beside the snapshot, what it takes to let go of the one before: whoever does that last pays.
pause() {
  header "entities" "number" "snapshot µs" "longest" "letting go µs" "longest" \
    "throughput with to without" "goal"
  row pause adaptations 1000000 "1000, 0.95"
  row pause measurements 10000000 "1000, 0.95"
}

# Records lie in memory: no broker bounds them. Needs two idle cores.
pipelines() {
  header "input" "records" "one, events/s" "two, events/s" "ratio" "goal"
  row pipelines variety 200000 1.6
  row pipelines adaptation 200000 1.6
  row pipelines policy 200000 1.6
}

header() {
  local line
  printf -v line '| %s ' "$@"
  echo "$line|"
  printf -v line '| --- %.0s' "$@"
  echo "$line|"
}

# A row of what the program says of COUNT entities, and the goal.
row() {
  local line
  line=$("$scale" "$1" "$2" "$3")
  echo "| ${line//,/ | } | $4 |"
}

main "$@"
