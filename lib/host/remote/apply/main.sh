# shellcheck shell=sh
# The order of an apply. Runs as a systemd unit of its own: whoever started it may go away.
# shellcheck source-path=SCRIPTDIR
lib=${0%/*}
# shellcheck source=common.sh
. "$lib/common.sh"
# shellcheck source=../archive.sh
. "$lib/archive.sh"
# shellcheck source=../volume.sh
. "$lib/volume.sh"
# shellcheck source=state-volume.sh
. "$lib/state-volume.sh"
# shellcheck source=accounts.sh
. "$lib/accounts.sh"
# shellcheck source=packages.sh
. "$lib/packages.sh"
# shellcheck source=files.sh
. "$lib/files.sh"
# shellcheck source=lists.sh
. "$lib/lists.sh"
# shellcheck source=services.sh
. "$lib/services.sh"

# A signal is acted on between two commands: dpkg is never interrupted.
trap 'give_up aborted "stopped on request; the host keeps its old state"' TERM INT

check_system() {
  read -r wanted_id wanted_version <"$T/plan/os"
  ID='' VERSION_ID='' PRETTY_NAME=''
  # shellcheck source=/dev/null
  . /etc/os-release
  if [ "$ID $VERSION_ID" != "$wanted_id $wanted_version" ]; then
    refuse "the host runs $PRETTY_NAME, this state is made for $wanted_id $wanted_version"
  fi
}

# A new instance is still being set up while it can already be logged in to; two package managers would get in each other's way.
wait_for_first_boot() {
  command -v cloud-init >/dev/null || return 0
  # Its last word about this boot; to ask itself takes half a second.
  [ ! -e /run/cloud-init/result.json ] || return 0
  case $(cloud-init status 2>/dev/null) in
    *running* | *'not started'* | *'not run'*) ;;
    *) return 0 ;;
  esac
  step 'first boot: waiting for cloud-init'
  timeout 600 cloud-init status --wait >/dev/null 2>&1
  [ $? -ne 124 ] || fail 'cloud-init did not end within 600 s: look at /var/log/cloud-init.log'
}

run_validators() {
  CANDIDATE=$T/candidate
  export CANDIDATE
  while IFS=$TAB read -r number name; do
    step "validate: $name"
    run "validator-$number" >"$OUTPUT" 2>&1 </dev/null
    code=$?
    cat "$OUTPUT"
    [ $code -eq 0 ] || refuse "$name refuses the new state: $(last_line "$OUTPUT")"
  done <"$T/plan/validators"
}

rebuild_derived() {
  while IFS=$TAB read -r number name; do
    if run "check-$number" >"$OUTPUT" 2>&1; then continue; fi
    step "build: $name ($(head -n 1 "$OUTPUT"))"
    if ! run "build-$number" >"$OUTPUT" 2>&1; then
      cat "$OUTPUT"
      go_back "$name could not be built: $(last_line "$OUTPUT")"
    fi
    cat "$OUTPUT"
    run "check-$number" >"$OUTPUT" 2>&1 ||
      go_back "$name is stale right after it was built: $(head -n 1 "$OUTPUT")"
    printf '%s\n' "$name" >>"$T/rebuilt"
  done <"$T/plan/derived"
}

# run_probes FAILED: runs every probe until it succeeds; FAILED is what to call when one does not in its time.
run_probes() {
  while IFS=$TAB read -r number seconds name; do
    step "probe: $name"
    end=$(($(uptime_seconds) + seconds))
    until timeout "$seconds" sh "$T/commands/probe-$number" >"$OUTPUT" 2>&1 </dev/null; do
      if [ "$(uptime_seconds)" -ge "$end" ]; then
        cat "$OUTPUT"
        "$1" "$name did not succeed within $seconds s: $(last_line "$OUTPUT")"
      fi
      sleep 0.3
    done
  done <"$T/plan/probes"
}

# expect_alive: what should run does, and has not died since it was started. A daemon may leave a moment after its start.
expect_alive() {
  awk -F "$TAB" '$2 !~ /^(stop|mask|unmask|idle)$/ { print $1 }' "$T/plan/services" >"$T/running"
  ask_systemd "$T/running" ActiveState NRestarts >"$T/alive"
  # Only services have restarts.
  while read -r unit now restarts; do
    case $now in active | reloading) ;; *) expect_active "$unit" started ;; esac
    # systemd counts from the last start by hand, so units that were left alone may have a past.
    if [ "${restarts:-0}" -gt 0 ] && grep -qE "^$unit$TAB(start|restart)\$" "$T/touched" 2>/dev/null; then
      journalctl -u "$unit" -n 20 --no-pager -o cat 2>/dev/null | tee "$OUTPUT"
      go_back "$unit died and had to be started again: $(last_line "$OUTPUT")"
    fi
  done <"$T/alive"
}

# The one who asked for the change proves, over a connection made after it, that the host can still be reached.
wait_for_confirmation() {
  read -r seconds <"$T/plan/confirmation"
  end=$(($(uptime_seconds) + seconds))
  printf '::waiting %s\n' "$(cat "$T/plan/id")"
  until [ -e "$T/confirmed" ]; do
    [ "$(uptime_seconds)" -lt "$end" ] || go_back "nobody confirmed over a new connection within $seconds s that the host can still be reached"
    sleep 0.1
  done
}

# From the rename on the new state is the confirmed one: after a power cut the rest is made up for, and nothing goes back.
commit() {
  rm -rf "$STATE/current.new"
  if ! { mkdir "$STATE/current.new" && cp -R "$T/commands" "$T/plan/derived" "$STATE/current.new/" &&
    cp "$T/plan/manifest" "$STATE/manifest.new" && flush; } >"$OUTPUT" 2>&1; then
    go_back "the new state cannot be written down: $(last_line "$OUTPUT")"
  fi
  mv "$T/armed" "$T/committing"
  finish_commit
  record_volume_owners
  remove_old_backups
}

check_system
rebuild_lists
wait_for_first_boot
mount_state_volume
create_groups
create_users
adopt_volume_owners
install_packages
join_groups
set_candidate_permissions
run_validators

arm
trap 'go_back "stopped on request"' TERM INT
swap
rebuild_derived
change_services
run_probes go_back
expect_alive
wait_for_confirmation
expect_alive
trap '' TERM INT
commit

purge_packages
result 'done' ''
