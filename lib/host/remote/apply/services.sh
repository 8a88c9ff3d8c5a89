# shellcheck shell=sh
# Units: stopped and masked ones first, then in the order of the desired state.

SYSTEMCTL_SECONDS=300

control() {
  timeout $SYSTEMCTL_SECONDS systemctl "$@" </dev/null
}

change_services() {
  if needs_daemon_reload; then control daemon-reload || go_back 'systemctl daemon-reload failed'; fi
  while IFS=$TAB read -r unit action reason; do
    case $action in
      stop | mask | unmask) touch_unit "$unit" "$action" "$reason" && "$action"_unit "$unit" ;;
    esac
  done <"$T/plan/services"
  reload_systemd
  while IFS=$TAB read -r unit action reason; do
    case $action in stop | mask | unmask | idle) continue ;; esac
    if grep -qsxF "$unit" "$T/paused"; then action=restart reason='its data moved'; fi
    case $action in start | restart) ;; *) follow_derived ;; esac
    case $action in
      start | restart) touch_unit "$unit" "$action" "$reason" && restart_unit "$unit" ;;
      reload) touch_unit "$unit" "$action" "$reason" && reload_unit "$unit" ;;
      enable) touch_unit "$unit" "$action" "$reason" && enable_unit "$unit" ;;
    esac
  done <"$T/plan/services"
  reload_systemd
}

# reload_systemd: after units were enabled or masked; once for all of them, since it takes as long as a start.
reload_due=no
reload_systemd() {
  [ "$reload_due" = yes ] || return 0
  reload_due=no
  control daemon-reload || go_back 'systemctl daemon-reload failed'
}

# What was rebuilt is known only now.
follow_derived() {
  [ -e "$T/rebuilt" ] || return 0
  while IFS=$TAB read -r of wanted name; do
    if [ "$of" != "$unit" ] || [ "$action" = restart ]; then continue; fi
    grep -qxF "$name" "$T/rebuilt" || continue
    action=$wanted reason="$name changed"
  done <"$T/plan/service-derived"
}

needs_daemon_reload() {
  cut -f 2 "$T/plan/swap" | grep -qE '^/(etc|usr/lib|lib)/systemd/|^/etc/init\.d/'
}

touch_unit() {
  step "service: $2 $1 ($3)"
  printf '%s\t%s\n' "$1" "$2" >>"$T/touched"
}

stop_unit() {
  control disable --now "$1" || control stop "$1" || go_back "cannot stop $1"
  systemctl reset-failed "$1" 2>/dev/null
}

mask_unit() {
  systemctl stop "$1" 2>/dev/null
  control --no-reload mask "$1" || go_back "cannot mask $1"
  reload_due=yes
  systemctl reset-failed "$1" 2>/dev/null
}

unmask_unit() {
  control unmask "$1" || go_back "cannot unmask $1"
}

enable_unit() {
  if [ "$(systemctl is-enabled "$1" 2>/dev/null)" = masked ]; then control unmask "$1"; fi
  if systemctl -q is-enabled "$1" 2>/dev/null; then return; fi
  control --no-reload enable "$1" || go_back "cannot enable $1"
  reload_due=yes
}

restart_unit() {
  enable_unit "$1"
  systemctl reset-failed "$1" 2>/dev/null
  control restart "$1"
  expect_active "$1" restarted
}

reload_unit() {
  enable_unit "$1"
  if [ -e "$T/commands/reload-$1" ]; then
    run "reload-$1" >"$OUTPUT" 2>&1
  else
    control reload "$1" >"$OUTPUT" 2>&1
  fi
  code=$?
  cat "$OUTPUT"
  [ $code -eq 0 ] || go_back "$1 could not be reloaded: $(last_line "$OUTPUT")"
  expect_active "$1" reloaded
}

# `systemctl restart` succeeds as well when an unmet condition keeps the unit from starting.
expect_active() {
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    now=$(systemctl is-active "$1")
    case $now in
      active) return 0 ;;
      failed | inactive) break ;;
    esac
    sleep 0.1
  done
  journalctl -u "$1" -n 20 --no-pager -o cat 2>/dev/null | tee "$OUTPUT"
  why=$(last_line "$OUTPUT")
  if [ "$now" = inactive ] && [ "$(systemctl show -p ConditionResult --value "$1")" = no ]; then why='a condition of it is not met'; fi
  go_back "$1 is $now after it was $2: ${why:-it left no message}"
}
