#!/usr/bin/env bash
# Builds the Debian package of System5: the program, its unit, settings, manual page and completions.
# The same revision, toolchain and Debian give the same bytes.
set -euo pipefail
# shellcheck source=deploy/local/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/local/common.sh"

usage() {
  cat <<'TEXT'
usage: package.sh [--binary FILE] [--version V] [--output FOLDER] [--quick yes]
  --binary FILE    pack this program; without it a release is built, with Swift's own libraries in it
  --version V      the package's version, in place of the program's with date and revision
  --output FOLDER  where the package goes (.local/packages)
  --quick yes      compress less, for a test
Prints the package's path. SOURCE_DATE_EPOCH is the age of all in it, that of the commit unless set.
TEXT
}

scratch=$root/.build-static
output=$local_dir/packages
binary=
version=
quick=
folder=
stage=

main() {
  parse_options "$@"
  command -v dh >/dev/null || die "needs debhelper and dpkg-dev: deploy/local/setup.sh --for-tests"
  export LC_ALL=C.UTF-8 TZ=UTC
  # The package is for Debian's librdkafka, whatever a shell may have been given to run with.
  unset LD_LIBRARY_PATH
  # A revision is as old as its commit, and so is all that is made of it.
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct)}
  export SOURCE_DATE_EPOCH
  [[ -n $version ]] || version=$(version_of_revision)
  [[ -n $binary ]] || build
  folder=$(mktemp -d)
  trap 'rm -rf "${folder:?}"' EXIT
  stage=$folder/source
  mkdir "$stage"
  fill_stage
  pack
}

parse_options() {
  while [[ $# -gt 0 ]]; do
    [[ $# -ge 2 ]] || {
      usage >&2
      exit 64
    }
    case $1 in
      --binary) binary=$(realpath -e -- "$2") || exit 64 ;;
      --version) version=$2 ;;
      --output) output=$2 ;;
      --quick) quick=$2 ;;
      *)
        usage >&2
        exit 64
        ;;
    esac
    shift 2
  done
}

# 0.1.0~dev+20261123.0bc6290 for 0.1.0-dev: what comes before a version sorts before it.
version_of_revision() {
  local program day
  program=$(sed -n 's/.*static let version = "\(.*\)"/\1/p' \
    "$root/Sources/System5Worker/Telemetry/BuildInfo.swift")
  day=$(date --date="@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M)
  printf '%s+%s.%s' "${program//-/\~}" "$day" \
    "$(git -C "$root" rev-parse --short=8 HEAD 2>/dev/null || printf 'unknown')"
}

build() {
  say "package: building a release"
  (cd "$root" && swift build --configuration release --static-swift-stdlib --product system5 \
    --scratch-path "$scratch" >&2)
  binary=$scratch/release/system5
}

# What debian/system5.install and its neighbours name.
fill_stage() {
  local here=$root/deploy shell
  cp -r "$here/debian" "$stage/debian"
  cp "$here/systemd/system5.service" "$stage/debian/"
  cp "$binary" "$stage/system5"
  cp "$here/debian/system5.json" "$root/topics/topics.json" "$root/README.md" \
    "$here/OPERATIONS.md" "$stage/"
  mkdir -p "$stage/monitoring" "$stage/completions"/{bash,zsh,fish}
  cp "$here/monitoring"/{alerts.yml,prometheus.yml} "$here/monitoring/grafana/system5.json" \
    "$stage/monitoring/"
  for shell in bash/system5 zsh/_system5 fish/system5.fish; do
    run_program --generate-completion-script "${shell%%/*}" >"$stage/completions/$shell"
  done
  # Sourced, never run; zsh and fish have no such line.
  sed -i '1{/^#!/d}' "$stage/completions/bash/system5"
  (cd "$stage" && python3 debian/manual.py ./system5 "$SOURCE_DATE_EPOCH") >"$stage/system5.1"
  write_notices >"$stage/NOTICE"
  write_changelog >"$stage/debian/changelog"
}

run_program() { "$stage/system5" "$@"; }

# What the licences of the packages in the program ask to be handed on.
write_notices() {
  local checkouts notice
  printf 'System5 contains the Swift runtime and these packages.\n'
  for checkouts in "$scratch/checkouts" "$root/.build/checkouts"; do
    [[ -d $checkouts ]] || continue
    for notice in "$checkouts"/*/NOTICE.txt; do
      printf '\n==== %s\n\n' "$(basename "$(dirname "$notice")")"
      cat "$notice"
    done
    return
  done
}

write_changelog() {
  local maintainer
  maintainer=$(sed -n 's/^Maintainer: //p' "$root/deploy/debian/control")
  printf 'system5 (%s) unstable; urgency=medium\n\n' "$version"
  printf '  * Built from the sources; their CHANGELOG.md says what has changed.\n'
  printf '\n -- %s  %s\n' "$maintainer" "$(date --utc --rfc-email --date="@$SOURCE_DATE_EPOCH")"
}

# debhelper packs, resolves what the program is linked with and compresses. Without debug symbols:
# they would be ten times the program.
pack() {
  local log=$folder/build.log package
  (cd "$stage" && QUICK=$quick DEB_BUILD_OPTIONS=noautodbgsym debian/rules binary) >"$log" 2>&1 || {
    cat "$log" >&2
    die "could not pack"
  }
  mkdir -p "$output"
  package=$(cd "$folder" && compgen -G '*.deb')
  mv "$folder/$package" "$output/$package"
  printf '%s\n' "$output/$package"
}

main "$@"
