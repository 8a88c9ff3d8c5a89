# shellcheck shell=sh
# Debian packages: never a question, never a service on its default configuration, never a fight for dpkg's lock.
export DEBIAN_FRONTEND=noninteractive DEBIAN_PRIORITY=critical APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1

LOCK_SECONDS=300

# with_lock COMMAND…: again while somebody else (unattended-upgrades, cloud-init) holds a lock of apt or dpkg.
with_lock() {
  end=$(($(uptime_seconds) + LOCK_SECONDS))
  while :; do
    "$@" >"$OUTPUT" 2>&1 </dev/null
    code=$?
    cat "$OUTPUT"
    if [ $code -eq 0 ]; then return 0; fi
    grep -qE 'Could not get lock|Unable to (lock|acquire)|frontend lock|is locked by another' "$OUTPUT" || return $code
    [ "$(uptime_seconds)" -lt "$end" ] || return $code
    sleep 1
  done
}

apt() {
  with_lock apt-get -qq -y -o DPkg::Lock::Timeout=$LOCK_SECONDS -o Acquire::Retries=3 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# apt_reason: the first error it printed; the last line is often only a summary. Of packages on hold it says only that there are some.
apt_reason() {
  reason=$(grep -m 1 '^E: ' "$OUTPUT" || last_line "$OUTPUT")
  if grep -qiE 'held (broken )?packages' "$OUTPUT"; then held=$(apt-mark showhold 2>/dev/null | paste -sd ' '); else held=''; fi
  printf '%s\n' "$reason${held:+; on hold are $held: release what is needed on the host with \"apt-mark unhold $held\" and apply again}"
}

install_packages() {
  if [ -n "$(dpkg --audit 2>/dev/null)" ]; then
    step 'packages: finishing an interrupted installation'
    forbid_service_start
    with_lock dpkg --force-confdef --force-confold --configure -a || fail "dpkg --configure -a: $(last_line "$OUTPUT")"
    apt --fix-broken install || fail "apt-get --fix-broken install: $(apt_reason)"
    restore_service_policy
  fi
  [ -s "$T/plan/install" ] || return 0
  if [ -s "$T/plan/debconf" ]; then debconf-set-selections <"$T/plan/debconf" || fail 'debconf refuses the answers'; fi
  step 'packages: update the lists'
  apt update || fail "apt-get update: $(apt_reason); check the network and /etc/apt/sources.list of the host"
  step "packages: install $(paste -sd ' ' "$T/plan/install")"
  forbid_service_start
  # shellcheck disable=SC2046 # one name a line
  apt install --no-install-recommends $(cat "$T/plan/install") || fail "apt-get install: $(apt_reason)"
  restore_service_policy
}

# Last of all: going back to a state that needs a purged package would be impossible.
purge_packages() {
  [ -s "$T/plan/purge" ] || return 0
  step "packages: purge $(paste -sd ' ' "$T/plan/purge")"
  # shellcheck disable=SC2046 # one name a line
  apt purge $(cat "$T/plan/purge") || fail "the new state is in place, but apt-get purge failed: $(apt_reason)"
  run_probes fail
}
