# shellcheck shell=sh
# master.cf, put together from its fragments. Any command that fails ends it: half a file must not pass.

# master.cf: the fragments, then one pipe transport for each service user.
assemble_master() {
  # Only root writes this folder.
  for path in "$CONFIG"/master.d/[0-9][0-9]_*.cf "${CANDIDATE:-/nonexistent}$CONFIG"/master.d/[0-9][0-9]_*.cf; do
    if [ -f "$path" ]; then echo "$CONFIG/master.d/${path##*/}"; fi
  done | sort -u | while read -r path; do awk 1 "$(source_of "$path")"; done >"$1/master.cf"
  [ -s "$1/master.cf" ] || { complain "there is no fragment NN_*.cf in $CONFIG/master.d"; return 1; }
  {
    echo
    echo "# Service users: mail for user-NAME: is piped to their bin/deliver."
    while IFS=: read -r name home; do
      echo "user-$name unix - n n - - pipe"
      echo "    flags=q user=$name directory=$home"
      # shellcheck disable=SC2016
      echo "    argv=$PROGRAMS/deliver $home "'-f ${sender} ${nexthop} ${recipient}'
    done <"$1/users"
  } >>"$1/master.cf"
}
