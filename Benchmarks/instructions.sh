#!/usr/bin/env bash
# How many instructions the stages take, whatever else the machine does: the same from run to run, to
# a few in a thousand.
#
#   instructions.sh HOTPATH [STAGE…]   all stages of a built `hotpath`, or those such as variety/apply
#
# Prints a line for each: INPUT/STAGE,INSTRUCTIONS of a pass.
set -euo pipefail

# Few, as each takes fifty times as long here.
records=5000

main() {
  [[ $# -ge 1 && -x $1 ]] || {
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 64
  }
  command -v valgrind >/dev/null || {
    echo "instructions.sh: needs valgrind" >&2
    exit 69
  }
  local hotpath=$1 stage
  shift
  [[ $# -gt 0 ]] || mapfile -t names < <("$hotpath" list | awk '{ print $1 "/" $2 }')
  for stage in "${@-}" "${names[@]-}"; do
    [[ -z $stage ]] || printf '%s,%s\n' "$stage" "$(instructions "$hotpath" "$stage")"
  done
}

# 0 where the program does not know the stage.
instructions() {
  # The dollar is of the function's name.
  # shellcheck disable=SC2016
  SWIFT_DETERMINISTIC_HASHING=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    '--toggle-collect=$s7hotpath8measured*' "$1" "${2%%/*}" "${2#*/}" "$records" 1 2>&1 |
    sed -n 's/^==[0-9]*== Collected : //p'
}

main "$@"
