#!/usr/bin/env bash
# The limits that the benchmarks are held to, in a folder for each toolchain: instructions, which
# mean the same on every machine of its kind, and CPU time, which does so on the same machine only.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)

# Instructions are the same from run to run; what is allowed is what a C library may differ by.
tolerance_percent=3

usage() {
  cat >&2 <<'TEXT'
usage: thresholds.sh check|update [--instructions|--seconds]
  both measures unless one is named; exit status 1 if a stage got worse
TEXT
  exit 64
}

main() {
  [[ ${1:-} == check || ${1:-} == update ]] || usage
  case ${2:-} in
    "") measures=(instructions seconds) ;;
    --instructions | --seconds) measures=("${2#--}") ;;
    *) usage ;;
  esac
  local version status=0
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p')
  limits=$here/Thresholds/swift-$version-$(uname -m)
  mkdir -p "$limits"
  [[ " ${measures[*]} " != *" instructions "* ]] || instructions "$1" || status=1
  [[ " ${measures[*]} " != *" seconds "* ]] || seconds "$1" || status=1
  exit "$status"
}

instructions() {
  local options=(--package-path "$here" --configuration release) hotpath seen
  swift build "${options[@]}" --product hotpath >&2 || exit
  hotpath=$(swift build "${options[@]}" --show-bin-path)/hotpath
  if [[ $1 == update ]]; then
    "$here/instructions.sh" "$hotpath" | tee "$limits/instructions.csv"
    return
  fi
  seen=$(mktemp)
  "$here/instructions.sh" "$hotpath" >"$seen"
  awk -F, -v tolerance="$tolerance_percent" '
    NR == FNR { limit[$1] = $2; next }
    !($1 in limit) { print $1 ": no limit yet"; next }
    $2 > limit[$1] * (1 + tolerance / 100) {
      printf "%s: %d instructions, %.1f %% more than %d\n", $1, $2, ($2 / limit[$1] - 1) * 100, limit[$1]
      worse = 1
    }
    END { exit worse }' "$limits/instructions.csv" "$seen"
  rm -f "$seen"
}

# What ordo-one's plug-in keeps for each benchmark.
seconds() {
  cd "$here"
  swift package --allow-writing-to-package-directory benchmark thresholds "$1" \
    --path "Thresholds/${limits##*/}" --no-progress
}

main "$@"
