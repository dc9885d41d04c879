#!/usr/bin/env bash
# Installs the package and upgrades it under a running worker, in a copy of this machine's root that
# goes with this process. Started by check-packages.sh, as root, in mounts of its own.
set -euo pipefail

first=$1 second=$2 folder=$3 brokers=$4
layers=$folder/layers
new_root=$layers/root
# What DynamicUser comes to: nobody in particular.
user=65532
chunks=15
chunk_lines=64
deadline_seconds=60
stop_deadline_seconds=15
worker=
feeder=

main() {
  trap finish EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  lay_root
  install_package "$first"
  verify_unit
  configure
  inside system5 topics apply --partitions 1 --brokers "$brokers"
  write_events
  upgrade_while_events_come
  compare_results
  remove_package
}

say() { printf '%s\n' "$*" >&2; }
die() {
  say "try.sh: $*"
  exit 1
}

# All writing goes to memory.
lay_root() {
  mkdir -p "$layers"
  mount -t tmpfs tmpfs "$layers"
  mkdir "$layers/upper" "$layers/work" "$new_root"
  mount -t overlay overlay \
    -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" "$new_root"
  mount -t proc proc "$new_root/proc"
  mount --bind /dev "$new_root/dev"
  mkdir -p "$new_root/opt/librdkafka" "$new_root/tmp"
  chmod 1777 "$new_root/tmp"
  cp "$folder"/librdkafka/* "$new_root/opt/librdkafka/"
}

inside() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    LD_LIBRARY_PATH=/opt/librdkafka chroot "$new_root" "$@"
}

install_package() {
  cp "$1" "$new_root/tmp/system5.deb"
  inside dpkg --install /tmp/system5.deb >"$folder/dpkg.log" 2>&1 || {
    cat "$folder/dpkg.log" >&2
    die "could not install $1"
  }
  say "installed: $(inside dpkg-query --show system5)"
}

verify_unit() {
  local said
  said=$(inside systemd-analyze verify --man=yes /lib/systemd/system/system5.service 2>&1) ||
    die "the unit: $said"
  [[ -z $said ]] || die "the unit: $said"
}

# As a person would: the file of settings, and a librdkafka that the local broker understands.
configure() {
  cat >"$new_root/etc/system5/system5.json" <<JSON
{"brokers": "$brokers", "group": "packaged", "session.timeout.ms": 3000, "http.bind": "127.0.0.1:0"}
JSON
  printf 'LD_LIBRARY_PATH=/opt/librdkafka\nSYSTEM5_INSTANCE=packaged-1\n' \
    >>"$new_root/etc/default/system5"
}

# The unit's command line, in its environment, as a user without rights.
start_worker() {
  local unit=$new_root/lib/systemd/system/system5.service command environment
  command=$(sed -n 's/^ExecStart=//p' "$unit")
  mapfile -t environment < <(
    sed -n "s/^Environment=//p" "$unit" | sed "s/%H/$(uname -n)/"
    sed -n '/^[A-Z]/p' "$new_root/etc/default/system5"
  )
  # The last of a name wins, as with systemd.
  # shellcheck disable=SC2086 # a command line of words
  env -i PATH=/usr/sbin:/usr/bin "${environment[@]}" chroot --userspec="$user:$user" "$new_root" $command \
    </dev/null >>"$folder/worker.log" 2>&1 &
  worker=$!
}

# As `systemctl stop` does it: SIGTERM, and it has to end well in time.
stop_worker() {
  local deadline=$((SECONDS + stop_deadline_seconds)) status=0 stopped=$worker
  kill -TERM "$stopped"
  while kill -0 "$stopped" 2>/dev/null && jobs -pr | grep -qx "$stopped"; do
    ((SECONDS < deadline)) || die "the worker does not end"
    sleep 0.05
  done
  worker=
  wait "$stopped" || status=$?
  [[ $status -eq 0 ]] || die "the worker ended with exit status $status"
}

# A measurement a second, of demand and of supply by turns: many have a result.
write_events() {
  local chunk line number=0
  mkdir "$folder/events"
  for ((chunk = 0; chunk < chunks; chunk++)); do
    for ((line = 0; line < chunk_lines; line++, number++)); do
      write_event "$number"
    done >"$(chunk_file "$chunk")"
  done
}

chunk_file() { printf '%s/events/%03d.jsonl' "$folder" "$1"; }

write_event() {
  local sources=(market operations) time
  printf -v time '2026-01-01T%02d:%02d:%02dZ' $(($1 / 3600)) $(($1 / 60 % 60)) $(($1 % 60))
  printf '{"topic":"system5.variety.events","key":"acme","value":{"specversion":"1.0","id":"m-%d",' "$1"
  printf '"source":"/try","type":"system5.variety.measured","time":"%s",' "$time"
  printf '"data":{"source":"%s","variety":%d}}}\n' "${sources[$1 % 2]}" $(($1 * 7919 % 101))
}

# Chunks from the first number to the second, in order.
feed() {
  local chunk
  for ((chunk = $1; chunk <= $2; chunk++)); do
    inside system5 emit --brokers "$brokers" - <"$(chunk_file "$chunk")" >>"$folder/emit.log" 2>&1
  done
}

feed_meanwhile() {
  feed "$@" &
  feeder=$!
}

end_feeding() {
  wait "$feeder" || die "could not emit: $(tail -n 3 "$folder/emit.log")"
  feeder=
}

# Events come before, while files are replaced, and while the worker stops and starts.
upgrade_while_events_come() {
  feed 0 $((chunks / 3 - 1))
  start_worker
  await "results" has_results 1
  feed_meanwhile $((chunks / 3)) $((2 * chunks / 3 - 1))
  install_package "$second"
  grep -q '"packaged"' "$new_root/etc/system5/system5.json" || die "the settings were written over"
  end_feeding
  feed_meanwhile $((2 * chunks / 3)) $((chunks - 1))
  stop_worker
  start_worker
  end_feeding
  inside system5 derive - < <(cat "$folder"/events/*.jsonl) 2>"$folder/derive.log" |
    ids >"$folder/expected"
  await "all $(wc -l <"$folder/expected") results" has_results "$(wc -l <"$folder/expected")"
  stop_worker
}

# Waits until a command succeeds, while the worker runs.
await() {
  local what=$1 deadline=$((SECONDS + deadline_seconds))
  shift
  until "$@"; do
    [[ -z $worker ]] || kill -0 "$worker" 2>/dev/null ||
      die "the worker ended: $(tail -n 3 "$folder/worker.log")"
    ((SECONDS < deadline)) || die "waited for $what in vain: $(tail -n 3 "$folder/worker.log")"
    sleep 0.2
  done
}

has_results() {
  read_results
  (($(wc -l <"$folder/results") >= $1))
}

read_results() {
  inside system5 watch --brokers "$brokers" --from-beginning --until-idle 1 --json \
    2>"$folder/watch.log" | ids >"$folder/results"
}

# Of results as record lines; the result's own id is the first of its value.
ids() { grep -o '"id":"system5\.[^"]*"' | sort; }

compare_results() {
  read_results
  diff "$folder/expected" "$folder/results" >&2 || die "results were lost, or came twice"
  say "upgraded: $(wc -l <"$folder/results") results, none lost, none repeated"
}

remove_package() {
  inside dpkg --purge system5 >>"$folder/dpkg.log" 2>&1 || die "could not remove the package"
  local left
  left=$(cd "$new_root" && compgen -G 'etc/system5/*' || compgen -G 'usr/bin/system5' || true)
  [[ -z $left ]] || die "the package left behind: $left"
}

finish() {
  local status=$? process
  trap - EXIT INT TERM
  for process in $worker $feeder; do
    kill -TERM "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  exit "$status"
}

main "$@"
