# shellcheck shell=sh
# Waits for the end of the transaction that is under way, for at most SECONDS, and changes nothing. Prints `::step TEXT` when it has
# to wait, and at the end `::state over`, `::state interrupted` (its end is left to the next apply) or `::state underWay TEXT`.
T=/var/lib/mailserver/transaction

at_work() {
  for unit in mailserver-apply.service mailserver-rollback.service; do
    case $(systemctl is-active $unit) in active | activating | deactivating | reloading) return 0 ;; esac
  done
  return 1
}

what() {
  started=$(stat -c %y "$T/log" 2>/dev/null | cut -d . -f 1)
  doing=$(tail -c 4096 "$T/log" 2>/dev/null | sed -n 's/^::step //p;s/^::waiting .*/waiting for its confirmation/p' | tail -n 1)
  echo "started ${started:-a moment ago}${doing:+, at: $doing}"
}

read -r now _ </proc/uptime
end=$((${now%.*} + SECONDS_TO_WAIT))
told=''
while at_work; do
  [ -n "$told" ] || echo "::step waiting for the end of another apply ($(what))"
  told=yes
  read -r now _ </proc/uptime
  if [ "${now%.*}" -ge "$end" ]; then
    echo "::state underWay $(what)"
    exit 0
  fi
  sleep 0.2
done
if [ -e "$T/armed" ] || [ -e "$T/committing" ]; then echo '::state interrupted'; else echo '::state over'; fi
