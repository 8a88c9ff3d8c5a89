#!/bin/sh
### BEGIN INIT INFO
# Provides:          postfix mail-transport-agent
# Required-Start:    $local_fs $remote_fs $syslog $named $network $time
# Required-Stop:     $local_fs $remote_fs $syslog $named $network
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: Postfix, with every reload and restart through the gate
### END INIT INFO
# reload and restart say themselves why they were refused; systemd would only point at the journal.
set -eu
gate=/usr/lib/mailserver/postfix-gate
apart=/usr/lib/mailserver/apart

case ${1:-} in
  start | stop | status) exec systemctl --no-pager "$1" postfix.service ;;
  reload | force-reload) exec "$apart" "$gate" reload ;;
  restart)
    "$apart" "$gate" check
    exec systemctl restart postfix.service
    ;;
  check) exec "$apart" "$gate" check ;;
  *)
    echo "Usage: /etc/init.d/postfix {start|stop|restart|reload|force-reload|check|status}" >&2
    exit 1
    ;;
esac
