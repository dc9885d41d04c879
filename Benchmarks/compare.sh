#!/usr/bin/env bash
# Compares a branch with main, stage by stage, and prints a table of ratios: below 1 is faster.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

usage() {
  cat >&2 <<'TEXT'
usage: compare.sh [--against BRANCH] [--seconds] BRANCH|. [STAGE…]
  BRANCH     what is compared; . for the files here as they are
  --against  what it is compared with (main)
  --seconds  CPU time, the least of five passes; otherwise instructions, which do not
             depend on what else the machine does
  STAGE      such as variety/apply; otherwise all
TEXT
  exit 64
}

main() {
  local against=main measure=instructions
  while [[ ${1:-} == --* ]]; do
    case $1 in
      --against)
        against=${2:-}
        shift
        ;;
      --seconds) measure=nanoseconds ;;
      *) usage ;;
    esac
    shift
  done
  [[ $# -ge 1 && -n $against ]] || usage
  local branch=$1
  shift
  folder=$(mktemp -d)
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  local old new
  old=$(built "$against" old)
  new=$(built "$branch" new)
  [[ $# -gt 0 ]] || mapfile -t stages < <("$new" list | awk '{ print $1 "/" $2 }')
  echo "| stage | $against | $branch | ratio |"
  echo "| --- | --- | --- | --- |"
  local stage
  for stage in "${@-}" "${stages[@]-}"; do
    [[ -z $stage ]] || row "$stage" "$("$measure" "$old" "$stage")" "$("$measure" "$new" "$stage")"
  done
}

# Builds `hotpath` of a branch in a work tree of its own, and prints where it is.
built() {
  local tree=$folder/$2 options
  if [[ $1 == . ]]; then
    tree=$here/..
  else
    git -C "$here" worktree add --quiet --detach "$tree" "$1" >&2
  fi
  options=(--package-path "$tree/Benchmarks" --configuration release)
  swift build "${options[@]}" --product hotpath >&2
  echo "$(swift build "${options[@]}" --show-bin-path)/hotpath"
}

instructions() { "$here/instructions.sh" "$1" "$2" | cut -d, -f2; }

# 0 where the program does not know the stage.
nanoseconds() {
  local found
  found=$("$1" "${2%%/*}" "${2#*/}" | sed -n 's/.*: \([0-9]*\) ns each$/\1/p') || true
  echo "${found:-0}"
}

row() {
  awk -v stage="$1" -v old="$2" -v new="$3" 'BEGIN {
    if (old == 0 || new == 0) ratio = "–"
    else ratio = sprintf("%.3f", new / old)
    printf "| %s | %s | %s | %s |\n", stage, old ? old : "–", new ? new : "–", ratio
  }'
}

finish() {
  local tree
  for tree in "$folder"/*/; do
    [[ -d $tree ]] && git -C "$here" worktree remove --force "$tree"
  done
  rm -rf "${folder:?}"
}

main "$@"
