# shellcheck shell=sh
# What every part of an apply shares. The transaction's folder holds the payload, its log and its journal:
#
#   plan/       what to do, tab-separated lines         armed      present while a rollback would be needed
#   commands/   validators, checks, builds, probes      committing present while a confirmed state is being written down
#   candidate/  every managed file of the new state     journal    how to go back, one line a path, directory or unit
#   lib/        these scripts                           log        what happened; lines that start with `::` are for the caller
#   secrets/    what builds need; gone at the end       reserve    room for the last word on a full disk
#   boot        the boot_id under which it began           committed  what was `committing`, once that is done
#   result      the last word; a transaction is over when it is there and neither `armed` nor `committing` is
export LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
umask 022

STATE=${MAILSERVER_STATE:-/var/lib/mailserver}
T=$STATE/transaction
TAB=$(printf '\t')
ORIGINALS=$STATE/originals
# What the command at work says; not on a disk, which may be full.
OUTPUT=${MAILSERVER_OUTPUT:-/run/mailserver-apply/output}
readonly STATE T TAB ORIGINALS OUTPUT
(umask 077 && mkdir -p "${OUTPUT%/*}")

# step TEXT: progress that people see.
step() {
  printf '::step %s\n' "$*"
}

# result KIND TEXT: the last word of an apply. It outlives the process that said it.
result() {
  rm -rf "$T/secrets" "$T/reserve" "$T/lists"
  [ "$1" = 'done' ] || set -- "$1" "$2$(full_disks)"
  printf '::result %s %s\n' "$1" "$2" | tee "$T/result.new"
  # For whoever asks after another change has come.
  [ ! -s "$T/backup" ] || cp "$T/result.new" "$(cat "$T/backup")/result" 2>/dev/null
  mv "$T/result.new" "$T/result"
}

# flush: what was written is on its disk, before our own state says so; files of a change may be on other disks than that.
flush() {
  stat -c '%d %n' "$STATE" /etc /usr /var | sort -u -k 1,1 | while read -r _ place; do sync -f "$place" || exit 1; done
}

# full_disks: `; there is no space left on PLACE` for each disk of the host, the state volume too; what commands say of it is not
# always understood. Each disk comes once, wherever its folders are; what is read-only by nature is always full.
full_disks() {
  df -l --output=avail,itotal,iavail,fstype,target 2>/dev/null |
    awk 'NR > 1 && $4 !~ /^(squashfs|iso9660|erofs|devtmpfs|efivarfs)$/ && ($4 != "tmpfs" || $5 ~ /^\/(tmp|run|var\/.*)$/) &&
      ($1 < 64 || ($2 > 0 && $3 == 0)) { printf "; there is no space left on %s", $5 }'
}

# uptime_seconds: a clock that nobody sets; that of a new machine jumps when it first hears the time.
uptime_seconds() {
  read -r up _ </proc/uptime
  printf '%s\n' "${up%%.*}"
}

# refuse TEXT, fail TEXT: end an apply that has swapped nothing yet; units that had to stop for it come back.
refuse() {
  give_up refused "$1"
}
fail() {
  give_up failed "$1"
}
give_up() {
  restore_service_policy
  if [ -e "$T/armed" ]; then
    go_back "$2"
  fi
  start_paused_units
  result "$1" "$2$unwell"
  exit 0
}

# go_back TEXT: the new state is in place and does not work.
go_back() {
  # When it is killed, so is the apply: systemd then starts it again.
  sh "$T/lib/rollback.sh" "$1"
  exit $?
}

# finish_commit: may be repeated. What the journal knows no way back for is done here.
finish_commit() {
  while read -r path; do rmdir "$path" 2>/dev/null; done <"$T/plan/obsolete-directories"
  # Written before the change was confirmed, so nothing here needs room on a disk.
  if ! cmp -s "$T/plan/manifest" "$STATE/manifest"; then
    { [ -e "$STATE/manifest.new" ] || cp "$T/plan/manifest" "$STATE/manifest.new"; } && mv "$STATE/manifest.new" "$STATE/manifest"
  fi
  rm -f "$STATE/manifest.new"
  drop_originals
  if [ -d "$STATE/current.new" ]; then
    rm -rf "$STATE/current"
    mv "$STATE/current.new" "$STATE/current"
  fi
  sync -f "$STATE"
  mv "$T/committing" "$T/committed"
}

# copy_anew OPTION FROM TO: TO may be in a directory that others write to, and its name can be guessed. What they put there is removed
# and never written through; should they be quicker, the copy fails, since TO is then opened exclusively.
copy_anew() {
  rm -rf "$3" && cp -T --remove-destination "$1" "$2" "$3"
}

# let_go PATH: nobody manages it any more, so what was there before comes back, if anything was.
let_go() {
  if [ -e "$ORIGINALS$1" ] || [ -L "$ORIGINALS$1" ]; then
    copy_anew --archive "$ORIGINALS$1" "${1%/*}/.${1##*/}.mailserver-new" && mv -fT "${1%/*}/.${1##*/}.mailserver-new" "$1"
  else
    rm -f "$1"
  fi
}

# drop_originals: those of paths that are managed no more have been put back.
drop_originals() {
  [ -d "$ORIGINALS" ] || return 0
  find "$ORIGINALS" -mindepth 1 ! -type d -printf '/%P\n' | while read -r path; do
    grep -qsxF "file $path" "$STATE/manifest" || rm -f "$ORIGINALS$path"
  done
  find "$ORIGINALS" -mindepth 1 -type d -empty -delete
}

# ask_systemd UNITS PROPERTY OTHER: of each unit in the file UNITS, a name a line, `UNIT PROPERTY OTHER` with tabs, by one question. The
# answer has the order of the question, and a blank line between two units.
ask_systemd() {
  [ -s "$1" ] || return 0
  # shellcheck disable=SC2046 # one name a line
  systemctl show -p "$2" -p "$3" -- $(cat "$1") | awk -v RS= -F '\n' -v OFS="$TAB" -v property="$2" -v other="$3" '{
    for (i = 1; i <= NF; i++) { split($i, pair, "="); value[pair[1]] = pair[2] }
    print value[property], value[other]
    delete value
  }' | paste "$1" -
}

# run FILE ARGUMENTS…: a command of the payload, away from our standard input.
run() {
  command_file=$1
  shift
  sh "$T/commands/$command_file" "$@" </dev/null
}

# last_line FILE: what explains a failure best.
last_line() {
  grep -v '^[[:space:]]*$' "$1" 2>/dev/null | tail -n 1
}

# A package's service must not start before its configuration is in place. Debian's way to say so is this script; one that the
# administrator had is put aside and comes back.
POLICY=/usr/sbin/policy-rc.d
forbid_service_start() {
  if [ -e "$POLICY" ] && ! grep -q mailserver-apply "$POLICY"; then
    mv "$POLICY" "$POLICY.mailserver-saved"
  fi
  if ! { printf '#!/bin/sh\n# mailserver-apply: removed at the end of the installation\nexit 101\n' >"$POLICY" && chmod 755 "$POLICY"; }; then
    rm -f "$POLICY"
    fail "cannot write $POLICY"
  fi
}
restore_service_policy() {
  if grep -qs mailserver-apply "$POLICY"; then rm -f "$POLICY"; fi
  if [ -e "$POLICY.mailserver-saved" ]; then mv "$POLICY.mailserver-saved" "$POLICY"; fi
}

# pause_managed_units: stops what runs while its data moves to another disk.
pause_managed_units() {
  while IFS=$TAB read -r unit _; do
    if systemctl -q is-active "$unit" && ! grep -qxF "$unit" "$T/paused" 2>/dev/null; then
      printf '%s\n' "$unit" >>"$T/paused"
      systemctl stop "$unit"
    fi
  done <"$T/plan/services"
}
start_paused_units() {
  [ -e "$T/paused" ] || return 0
  while read -r unit; do systemctl start "$unit" </dev/null; done <"$T/paused"
  while read -r unit; do expect_running "$unit"; done <"$T/paused"
}

# What the host does not have any more after an apply that failed, `; WHAT: WHY` each: the last word of the apply tells.
unwell=''
add_unwell() {
  case $unwell in *"; $1"*) return ;; esac
  step "$1"
  unwell="$unwell; $1"
}

# settled UNIT: it has been up for two seconds; one that cannot even run its program is "active" for a moment, too.
settled() {
  since=$(systemctl show -P ActiveEnterTimestampMonotonic "$1")
  read -r now _ </proc/uptime
  [ $((${now%.*} - ${since:-0} / 1000000)) -gt 2 ]
}

# expect_running UNIT: it ran before the apply, so it has to run after it has failed.
expect_running() {
  tries=0
  while [ $((tries += 1)) -le 50 ]; do
    case $(systemctl is-active "$1") in
      active | reloading) ! settled "$1" || return 0 ;;
      failed | inactive) break ;;
    esac
    sleep 0.1
  done
  why=$(journalctl -u "$1" -n 20 --no-pager -o cat 2>/dev/null | grep -v '^[[:space:]]*$' | tail -n 1)
  add_unwell "$1 does not run any more: ${why:-it left no message}"
}
