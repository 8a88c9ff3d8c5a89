# shellcheck shell=sh
# A running Postfix takes over what is live, or what was before comes back.

running() { postfix status >/dev/null 2>&1; }

loaded() {
  if [ "$(cat "$STATE/loaded" 2>/dev/null)" != "$(readlink "$CURRENT")" ]; then
    { readlink "$CURRENT" >"$STATE/loaded.new" && mv "$STATE/loaded.new" "$STATE/loaded"; } || complain "cannot write $STATE/loaded"
  fi
  forget_postscreen
}

# Who passed postscreen is of no use once nobody stands before port 25; should it come back, they are tested again.
forget_postscreen() {
  grep -qs '^postscreen_cache_map' "$CONFIG/main.cf" || rm -f "$POSTSCREEN_CACHE"
}

# name_everywhere: an administrator has changed /etc/postfix/myhostname on the host. Banner, HELO and maps have the new name with main.cf;
# the name of mail that is written here, the certificate and the filter follow. What comes with the stack has it everywhere already.
name_everywhere() {
  name=$(postconf -c "$CONFIG" -h myhostname 2>/dev/null) || return 0
  if [ -z "$name" ] || [ "$(cat /etc/mailname 2>/dev/null)" = "$name" ]; then return 0; fi
  complain "the HELO name is $name now; /etc/mailname, the filter and the certificate follow"
  { echo "$name" >/etc/mailname.new && chmod 0644 /etc/mailname.new && mv -fT /etc/mailname.new /etc/mailname; } ||
    complain "/etc/mailname cannot be written"
  if [ -e "$SELF_SIGNED" ]; then
    "$PROGRAMS/self-signed-certificate" build "$SELF_SIGNED" "$name" || complain "the certificate cannot be made for $name"
    postfix reload >/dev/null 2>&1 || true
  fi
  # A rename is seldom; the filter reads the name at its start.
  timeout 60 systemctl try-restart amavis.service </dev/null || complain "the filter does not start again: systemctl status amavis"
  # systemd takes it for started before it answers. What was submitted meanwhile waits for it in the queue.
  for _ in $(seq 30); do
    if "$PROGRAMS/probe" smtp 127.0.0.1 10026 >/dev/null 2>&1; then break; fi
    sleep 1
  done
  postqueue -f || true
}

# What master(8) takes over at its start and never again, as the configuration in $1 has it, `name = value` a line.
at_start() {
  postconf -c "$1" -x inet_interfaces inet_protocols queue_directory data_directory mail_owner setgid_group import_environment \
    2>/dev/null
}

# Names of those that are not what the running Postfix was started with.
outdated_since_start() {
  if [ ! -e "$STATE/started" ]; then
    # Started before this was written down.
    if [ -z "$PREVIOUS" ] || [ ! -d "$STATE/$PREVIOUS" ]; then return 0; fi
    at_start "$STATE/$PREVIOUS" >"$STATE/started"
  fi
  at_start "$CONFIG" | grep -vxFf "$STATE/started" | cut -d' ' -f1 | paste -sd' ' -
}

# Leaves $said to what went wrong.
restart_postfix() {
  complain "Postfix is restarted, since it reads $1 at its start only"
  if [ "$(systemctl is-active postfix.service)" = reloading ]; then
    # Asked for by `systemctl reload`, which a restart would call off while it is under way.
    # shellcheck disable=SC2016
    said=$(systemd-run --quiet --collect --unit=mailserver-postfix-restart sh -c '
      while [ "$(systemctl is-active postfix.service)" = reloading ]; do sleep 0.1; done
      exec systemctl restart postfix.service' 2>&1)
    return
  fi
  systemctl reset-failed postfix.service 2>/dev/null || true
  rc=0
  systemctl restart postfix.service >/dev/null 2>&1 </dev/null || rc=1
  # What master says of an address that it cannot listen on, it says to the journal.
  [ $rc -eq 0 ] || said=$(journalctl -t postfix/master -t postfix -p err -n 3 -o cat --no-pager 2>/dev/null |
    grep -v 'see logs for details' | tail -n 1)
  return $rc
}

reload_postfix() {
  outdated=$(outdated_since_start)
  if [ -n "$outdated" ]; then
    if restart_postfix "$outdated"; then loaded; rm -f "$STATE/refused"; name_everywhere; return 0; fi
    complain "Postfix does not start: $said"
  else
    before=$(pgrep -P "$(tr -d ' ' </var/spool/postfix/pid/master.pid)" -x smtpd) || true
    # shellcheck disable=SC2086
    if said=$(postfix reload 2>&1); then
      loaded
      # Only a process from before can be mute.
      [ -z "$before" ] || "$PROGRAMS"/postfix-greets $before || true
      name_everywhere
      return 0
    fi
    complain "postfix reload: $said"
  fi
  if [ "$CHANGED" = yes ] && is_generation "$PREVIOUS"; then go_back "$outdated"; fi
  return 1
}

# go_back OUTDATED: Postfix does not take over what is live.
go_back() {
  # A start, as the one below, would make the same of the sources again.
  [ -z "$1" ] || cp "$CURRENT/fingerprint" "$STATE/refused" || true
  if ! activate "$PREVIOUS" 2>"$REFUSAL"; then
    complain "the state before cannot be put back: $(cat "$REFUSAL")"
    tell_full_disks
    return
  fi
  if [ -z "$1" ]; then
    postfix reload >/dev/null 2>&1 || true
  elif ! restart_postfix "$1" 2>/dev/null; then
    complain "Postfix does not run any more: $said"
  fi
  complain "the state before is back"
}
