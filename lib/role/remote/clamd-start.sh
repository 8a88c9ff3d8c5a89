#!/bin/sh
# clamd-start official|test: starts clamd when its signatures are there. `official` waits for both of ClamAV's databases, which
# freshclam fetches; until then there is no socket, and amavis puts mail off. `test` is content with the EICAR signature.
set -eu
database=/var/lib/clamav

official() {
  for name in main daily; do
    [ -e "$database/$name.cvd" ] || [ -e "$database/$name.cld" ] || return 1
  done
}

case $1 in
  official)
    official || echo "waiting for the first virus signatures in $database; mail is put off until they are there"
    until official; do sleep 2; done
    ;;
  test) ;;
  *) echo "clamd-start: unknown argument '$1': official or test" >&2; exit 2 ;;
esac
exec /usr/sbin/clamd --foreground=true
