# shellcheck shell=sh
# Shows the log of the apply ID from line FROM on until its result is known. Can be run again after a lost connection.
T=/var/lib/mailserver/transaction
if [ "$(cat "$T/plan/id" 2>/dev/null)" != "$ID" ]; then
  if [ -e "/var/lib/mailserver/backup/$ID/result" ]; then
    cat "/var/lib/mailserver/backup/$ID/result"
    exit 0
  fi
  if [ -d "/var/lib/mailserver/backup/$ID" ]; then
    echo '::result failed how the change ended is not known any more, since another one came after it: look at a new plan'
    exit 0
  fi
  echo '::result notArrived the connection broke before the change had arrived'
  exit 0
fi
pid=$(systemctl show -p MainPID --value mailserver-apply.service)
if [ "${pid:-0}" != 0 ]; then
  tail -n "+$FROM" -s 0.1 --pid="$pid" -f "$T/log"
else
  tail -n "+$FROM" "$T/log"
fi
# The result may come from the rollback that systemd starts when an apply dies.
patience=9000
until [ -e "$T/result" ]; do
  patience=$((patience - 1))
  if [ "$patience" -eq 0 ]; then
    echo '::result failed the apply ended without a result; see journalctl -u mailserver-apply on the host'
    exit 0
  fi
  sleep 0.1
done
cat "$T/result"
