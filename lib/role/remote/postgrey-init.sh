#!/bin/sh
### BEGIN INIT INFO
# Provides:          postgrey
# Required-Start:    $local_fs $remote_fs $syslog $network
# Required-Stop:     $local_fs $remote_fs $syslog $network
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: Greylisting; a restart looks at the lists of the service users first
### END INIT INFO
# A restart that was refused leaves postgrey as it is; one that was not ends when postgrey answers.
set -eu
programs=/usr/lib/mailserver

case ${1:-} in
  start | stop | status) exec systemctl --no-pager "$1" postgrey.service ;;
  restart | reload | force-reload) exec "$programs/apart" "$0" restart-apart ;;
  # Nothing of the caller gets here.
  restart-apart)
    "$programs/postgrey-lists" check || {
      echo "postgrey: nothing was changed, the lists of before stay in effect" >&2
      exit 1
    }
    systemctl reset-failed postgrey.service 2>/dev/null || true
    systemctl restart postgrey.service
    for _ in $(seq 100); do
      if "$programs/probe" policy 127.0.0.1 10023 >/dev/null 2>&1; then exit 0; fi
      sleep 0.1
    done
    echo "postgrey does not answer: $(journalctl -u postgrey.service -n 1 -o cat --no-pager 2>/dev/null)" >&2
    exit 1
    ;;
  *)
    echo "Usage: /etc/init.d/postgrey {start|stop|restart|reload|force-reload|status}" >&2
    exit 1
    ;;
esac
