#!/usr/bin/env bash
# Everything that a stranger installs: packs the program and checks the package, the unit, the
# container and the Kubernetes files; then installs the package in a throwaway copy of this machine's
# root, runs it there as its unit would, and upgrades it while events come in. Nothing of it stays.
set -euo pipefail
# shellcheck source=deploy/local/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/local/common.sh"

usage() {
  cat <<'TEXT'
usage: check-packages.sh [--binary FILE] [--systemd]
  --binary FILE  a release with Swift's libraries in it; one is built unless given
  --systemd      run the unit under a systemd of its own, too, where the machine lets one start
TEXT
}

broker=$root/deploy/local/broker.sh
name=packages-$$
folder=$run_dir/$name
tools=$packages_venv/bin
# Of the unit, as systemd reckons: 0 is safest. Tenths.
most_exposure=20

main() {
  local binary=() systemd=
  while [[ $# -gt 0 ]]; do
    case $1 in
      --binary)
        binary=(--binary "${2:?}")
        shift
        ;;
      --systemd) systemd=yes ;;
      *)
        usage >&2
        exit 64
        ;;
    esac
    shift
  done
  unset "${!SYSTEM5_@}"
  export LC_ALL=C.UTF-8
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  mkdir -p "$folder"
  make_packages "${binary[@]}"
  check_package
  check_completions
  check_settings
  check_unit
  check_container
  check_kubernetes
  try_package
  [[ -z $systemd ]] || try_unit
  say "packages: all checked"
}

# Two versions of the same program: all but their changelogs must be the same bytes.
make_packages() {
  first=$("$root/deploy/package.sh" --quick yes --version 1.0~first --output "$folder" "$@")
  second=$("$root/deploy/package.sh" --quick yes --version 1.0~second --output "$folder" "$@")
  dpkg-deb --raw-extract "$first" "$folder/first"
  dpkg-deb --raw-extract "$second" "$folder/second"
  diff --recursive --brief --exclude changelog.gz --exclude control --exclude md5sums \
    "$folder/first" "$folder/second" || die "the package is not the same twice"
}

check_package() {
  # Root is refused by some of its checks unless it is said; nothing of the package is run.
  lintian --allow-root --fail-on error,warning "$first"
  mandoc -T lint -W style "$folder/first/usr/share/man/man1/system5.1.gz"
  shellcheck --shell sh "$folder"/first/DEBIAN/p*
}

check_completions() {
  local share=$folder/first/usr/share words
  zsh --no-exec "$share/zsh/vendor-completions/_system5"
  fish --no-execute "$share/fish/vendor_completions.d/system5.fish"
  words=$(bash -c 'source "$1"; COMP_WORDS=(system5 dead-l) COMP_CWORD=1 COMP_LINE="system5 dead-l" \
    COMP_POINT=14; _system5 system5 dead-l system5; echo "${COMPREPLY[*]}"' - \
    "$share/bash-completion/completions/system5")
  [[ $words == dead-letters* ]] || die "bash completes dead-l to '$words'"
}

# The program itself judges each file of settings that others start from.
check_settings() {
  local file
  for file in "$folder/first/etc/system5/system5.json" "$root"/deploy/kubernetes/*/system5.json \
    "$root"/deploy/kubernetes/*/*/system5.json; do
    "$folder/first/usr/bin/system5" config --config "$file" >"$folder/config" ||
      die "not a file of settings: $file"
  done
}

check_unit() {
  local unit=$folder/first/lib/systemd/system/system5.service
  systemd-analyze security --offline=true --threshold="$most_exposure" "$unit" >"$folder/security" || {
    cat "$folder/security" >&2
    die "the unit is exposed more than it should be"
  }
  tail -n 1 "$folder/security" >&2
}

check_container() {
  local here=$root/deploy/container
  "$tools/hadolint" "$here/Containerfile"
  "$tools/check-jsonschema" --builtin-schema vendor.compose-spec "$here/compose.yaml"
  mkdir "$folder/prometheus"
  cp "$here/prometheus.yml" "$root/deploy/monitoring/alerts.yml" "$folder/prometheus/"
  "$promtool" check config "$folder/prometheus/prometheus.yml" >&2
}

check_kubernetes() {
  local kubectl=()
  ! command -v kubectl >/dev/null || kubectl=(--kubectl "$(command -v kubectl)")
  "$tools/python" "$root/deploy/kubernetes/check.py" "${kubectl[@]}"
}

try_package() {
  local exports
  "$broker" start --name "$name-broker"
  exports=$("$broker" env --name "$name-broker")
  mkdir "$folder/librdkafka"
  cp -L "$library_dir"/librdkafka.so.1 "$(package_dir confluent_kafka.libs)"/*.so* \
    "$folder/librdkafka/"
  (
    eval "$exports"
    # Mounts that only this command sees, and that go with it.
    as_root unshare --mount -- bash "$root/deploy/debian/try.sh" \
      "$first" "$second" "$folder" "$SYSTEM5_BROKERS"
  )
}

try_unit() {
  local exports
  exports=$("$broker" env --name "$name-broker")
  (
    eval "$exports"
    as_root env SYSTEM5_BROKERS="$SYSTEM5_BROKERS" "$root/deploy/debian/try-unit.sh" "$second"
  )
}

finish() {
  local status=$?
  trap - EXIT INT TERM
  "$broker" stop --name "$name-broker" 2>/dev/null || true
  # Its logs are for whoever has to find out what went wrong.
  [[ $status -ne 0 ]] || as_root rm -rf "$folder" "$folder-broker" "$folder-broker.lock"
  exit "$status"
}

main "$@"
