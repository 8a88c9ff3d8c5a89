#!/bin/sh
# postfix-check: `postfix check` before a start; it makes missing queue directories and looks for damage. It also warns at every
# start of files in /etc/postfix that service users may write, which they may by design (R11, R35): Postfix itself reads only
# what the gate made of them. So it is shown the folder without them.
set -eu

# shellcheck disable=SC2016
exec unshare --mount --propagation private sh -eu -c '
  for folder in main.d tables; do
    [ ! -d "/etc/postfix/$folder" ] || mount -t tmpfs -o mode=0755,size=64k mailserver "/etc/postfix/$folder"
  done
  for list in clients recipients; do
    file=/etc/postfix/postgrey_whitelist_$list.local
    [ ! -e "$file" ] || mount --bind /etc/postfix/myhostname "$file"
  done
  exec postfix check'
