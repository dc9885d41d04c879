#!/usr/bin/env bash
# Runs the packaged unit under a systemd of its own, in a copy of this machine's root that goes with
# it: sandbox, credentials, an upgrade. Needs root, control groups of version 2 that may be mounted,
# and a broker with the topics made, whose address SYSTEM5_BROKERS says.
set -euo pipefail
# shellcheck source=deploy/local/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../local/common.sh"

here=$root/deploy/debian
limit_seconds=90

main() {
  case ${1:-} in
    --layers) lay_root "$2" ;;
    "" | -*) die "usage: try-unit.sh PACKAGE" ;;
    *) try "$1" ;;
  esac
}

try() {
  : "${SYSTEM5_BROKERS:?}"
  folder=$(mktemp -d)
  trap 'rm -rf "${folder:?}"' EXIT
  # The worker, which is nobody in particular, reads a librdkafka in it.
  chmod 755 "$folder"
  mkdir "$folder/layers" "$folder/librdkafka"
  cp "$1" "$folder/system5.deb"
  cp -L "$library_dir"/librdkafka.so.1 "$(package_dir confluent_kafka.libs)"/*.so* \
    "$folder/librdkafka/"
  # Its first process is systemd, which ends when it has seen enough; all mounts go with it.
  timeout --signal KILL "$limit_seconds" unshare --mount --pid --fork --kill-child --uts --ipc \
    --cgroup bash "$here/try-unit.sh" --layers "$folder" </dev/null >"$folder/log" 2>&1 || true
  cat "$folder/seen" >&2 || cat "$folder/log" >&2
  grep -qx 'the unit does what it should' "$folder/seen" || die "it does not"
}

# Here process 1 becomes systemd.
lay_root() {
  local folder=$1 device new_root=$1/layers/root
  cd "$folder/layers"
  mount -t tmpfs tmpfs "$folder/layers"
  cd "$folder/layers"
  mkdir upper work root
  mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root
  mount -t proc proc root/proc
  mount -t sysfs -o ro sysfs root/sys
  mount -t cgroup2 cgroup2 root/sys/fs/cgroup
  mount -t tmpfs run root/run
  mount -t tmpfs -o mode=755 dev root/dev
  for device in null zero full random urandom tty; do
    touch "root/dev/$device"
    mount --bind "/dev/$device" "root/dev/$device"
  done
  ln -s /proc/self/fd root/dev/fd
  mkdir -p root/trial root/dev/shm root/tmp
  mount --bind "$folder" root/trial
  install_package
  # As on a machine of its own: services may be restarted, and mounts are shared.
  rm -f root/usr/sbin/policy-rc.d
  mount --make-rshared root
  exec chroot "$new_root" env -i container=trial PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    /lib/systemd/systemd --system --unit=trial.target
}

install_package() {
  chroot root dpkg --install /trial/system5.deb
  cat >root/etc/system5/system5.json <<JSON
{
  "brokers": "$SYSTEM5_BROKERS", "group": "unit", "session.timeout.ms": 3000,
  "http.bind": "127.0.0.1:0",
  "http.token.file": "/run/credentials/system5.service/secret_token"
}
JSON
  printf 'canary\n' >root/etc/system5/secrets/token
  printf 'LD_LIBRARY_PATH=/trial/librdkafka\n' >>root/etc/default/system5
  mkdir -p root/etc/systemd/system/system5.service.d
  # What may be refused to anybody within a sandbox: devices and users of its own.
  cat >root/etc/systemd/system/system5.service.d/trial.conf <<'UNIT'
[Service]
PrivateDevices=no
PrivateUsers=no
StandardError=append:/trial/worker.log
UNIT
  cat >root/etc/systemd/system/trial.service <<'UNIT'
[Unit]
DefaultDependencies=no
[Service]
Type=oneshot
ExecStart=/bin/bash /trial/inside.sh
UNIT
  printf '[Unit]\nWants=trial.service\n' >root/etc/systemd/system/trial.target
  printf '#!/bin/bash\n%s\n%s\ninside\n' "$(declare -f inside check await has_joined)" \
    'set -euo pipefail' >"root/trial/inside.sh"
}

# Under systemd.
inside() {
  exec >/trial/seen 2>&1
  trap 'systemctl --no-block --force --force poweroff' EXIT
  local process
  systemctl start system5
  await has_joined
  process=$(systemctl show --property MainPID --value system5)
  check "it has no capabilities" grep -q 'CapEff:.0000000000000000' "/proc/$process/status"
  check "its system calls are filtered" grep -q 'Seccomp:.2' "/proc/$process/status"
  check "its user is not root" grep -qv 'Uid:.0' <(grep Uid "/proc/$process/status")
  dpkg --install /trial/system5.deb
  check "an upgrade restarts it" test \
    "$process" != "$(systemctl show --property MainPID --value system5)"
  check "it runs again" systemctl --quiet is-active system5
  systemctl stop system5
  check "it stops well" test success = "$(systemctl show --property Result --value system5)"
  rm /etc/system5/secrets/token
  systemctl start system5
  await systemctl --quiet is-failed system5
  check "it stays down after exit code 78" test \
    "78 0" = "$(systemctl show --property ExecMainStatus --value system5) $(systemctl show --property NRestarts --value system5)"
  echo "the unit does what it should"
}

check() {
  if "${@:2}"; then
    echo "yes: $1"
  else
    echo "no: $1"
    exit 1
  fi
}

await() {
  local attempt
  for ((attempt = 0; attempt < 200; attempt++)); do
    if "$@"; then return 0; fi
    sleep 0.1
  done
  echo "waited in vain: $*"
  tail -n 3 /trial/worker.log
  exit 1
}

has_joined() { grep -q 'Partition assigned' /trial/worker.log 2>/dev/null; }

main "$@"
