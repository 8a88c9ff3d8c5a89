# shellcheck shell=sh
# What was built becomes the live state by renames; whatever fails before them leaves the live state alone. Called where a failing
# command does not end the program, so every one of them is asked for its outcome.

# stage FOLDER: its main.cf and master.cf, next to the live ones and on the disk.
stage() {
  cp -p "$1/master.cf" "$CONFIG/master.cf.new" && cp -p "$1/main.cf" "$CONFIG/main.cf.new" &&
    sync "$CONFIG/master.cf.new" "$CONFIG/main.cf.new" && sync -f "$STATE"
}

# activate GENERATION: maps, master.cf and main.cf are three renames; Postfix reads them at a reload.
activate() {
  stage "$STATE/$1" || return 1
  trap '' TERM
  moved=0
  renaming rename_all "$1" || moved=1
  trap - TERM
  return $moved
}
rename_all() {
  ln -sfn "$1" "$STATE/current.new" && mv -T "$STATE/current.new" "$CURRENT" &&
    mv -fT "$CONFIG/master.cf.new" "$CONFIG/master.cf" && mv -fT "$CONFIG/main.cf.new" "$CONFIG/main.cf"
}

# is_generation NAME: it can be gone back to.
is_generation() { [ -n "$1" ] && [ -e "$STATE/$1/main.cf" ]; }

# refused FOLDER: what was to become the next state goes, and the caller is told why.
refused() {
  rm -rf "$1" "$CONFIG/master.cf.new" "$CONFIG/main.cf.new" "$STATE/current.new"
  complain "nothing was changed, Postfix keeps the state it had:"
  cat "$REFUSAL" >&2 || true
  tell_full_disks
}

# What a full disk makes programs say is not always about it.
tell_full_disks() {
  for place in "$STATE" "$CONFIG" /var/spool/postfix /var/lib/postfix /tmp; do
    df --output=avail,target "$place" 2>/dev/null | awk 'NR == 2 && $1 < 64 { print $2 }'
  done | sort -u | while read -r disk; do complain "there is no space left on $disk"; done
}

# forget_generations KEPT…: all others go, also what a power cut left of one.
forget_generations() {
  for old in "$STATE"/generation-*; do
    for kept in "$@"; do
      [ "${old##*/}" != "$kept" ] || continue 2
    done
    rm -rf "$old"
  done
}

# Whether the sources are still those that Postfix did not start with.
is_refused() { [ -e "$STATE/refused" ] && [ "$(cat "$STATE/refused")" = "$(fingerprint "$MAPS")" ]; }

# build_generation HOW FOLDER FINGERPRINT: all that can fail before anything is changed. The fingerprint of the sources was taken before
# they are read: what changes meanwhile is seen as a change later.
build_generation() {
  exec 6<"$2"
  flock -w 5 6 && list_sources "$2" && "build_$1" "$2" '' && become_generation "$2" "$3"
}

# become_generation FOLDER FINGERPRINT
become_generation() {
  rm -f "$1/without-tls" && echo "$2" >"$1/fingerprint" && chmod 0755 "$1" && chmod 0700 "$1/from" && mv -T "$1" "$STATE/$generation"
}

# keep_proven FOLDER FINGERPRINT: for adopt_proven. One with which something is left out is not, nor one that was tried without the
# certificate, which the push makes afterwards.
keep_proven() {
  if [ -e "$1/left-out" ] || [ -e "$1/without-tls" ]; then return 0; fi
  rm -rf "$PROVEN" && echo "$2" >"$1/fingerprint" && mv -T "$1" "$PROVEN"
}

# adopt_proven FINGERPRINT: takes what was tried out of the very same sources a moment ago, instead of building and trying it again.
adopt_proven() {
  [ "$(cat "$PROVEN/fingerprint" 2>/dev/null)" = "$1" ] && [ -n "$(find "$PROVEN/fingerprint" -mmin -10)" ] && become_generation "$PROVEN" "$1"
}

# change HOW [again]: HOW is `strictly` or `anyhow`, see build.sh; `again` asks for files that were left out once more. Leaves $CHANGED set to yes when something new is live, and $PREVIOUS to the folder that was before.
change() {
  CHANGED=no
  PREVIOUS=$(readlink "$CURRENT" 2>/dev/null || true)
  before=$(fingerprint "$MAPS")
  if [ "$(live_text "$before")" = current ] && ! { [ $# -eq 2 ] && [ -e "$CURRENT/left-out" ]; }; then return 0; fi
  forget_generations "$PREVIOUS"
  generation=generation-$(date -u +%Y%m%dT%H%M%S)-$$
  new=''
  if [ "$1" != anyhow ] || ! adopt_proven "$before" 2>"$REFUSAL"; then
    if ! { new=$(workplace new 2>"$REFUSAL") && briefly "$REFUSAL" build_generation "$1" "$new" "$before"; }; then
      refused "$new"
      return 1
    fi
  fi
  cat "$REFUSAL" >&2 || true
  if ! activate "$generation" 2>"$REFUSAL"; then
    if is_generation "$PREVIOUS"; then activate "$PREVIOUS" 2>/dev/null || true; else rm -f "$CURRENT"; fi
    refused "$STATE/$generation"
    return 1
  fi
  # shellcheck disable=SC2034
  CHANGED=yes
  forget_generations "$generation" "$PREVIOUS"
}
