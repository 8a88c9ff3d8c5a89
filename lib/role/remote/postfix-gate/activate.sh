# shellcheck shell=sh
# What was built becomes the live state by renames; whatever fails before them leaves the live state alone. Called where a failing
# command does not end the program, so every one of them is asked for its outcome.

# stage FOLDER: its main.cf and master.cf, beside the live ones and on the disk.
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

# refused FOLDER: what was to become the next state goes, and who asked is told why.
refused() {
  rm -rf "$1" "$CONFIG/master.cf.new" "$CONFIG/main.cf.new" "$STATE/current.new"
  complain "nothing was changed, Postfix keeps the state it had:"
  cat "$REFUSAL" >&2 || true
  tell_full_disks
}

# What a full disk makes programs say is not always about it.
tell_full_disks() {
  for place in "$STATE" "$CONFIG"; do
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
is_refused() { [ -e "$STATE/refused" ] && [ "$(cat "$STATE/refused")" = "$(fingerprint "$CURRENT/sources")" ]; }

# Longest time for putting a state together and trying it out.
BUILD_SECONDS=120

# build_in_time FOLDER [CANDIDATE]: a process of its own, without the locks: what fails in it ends it, and nothing that it leaves
# behind can hold them.
build_in_time() {
  built=0
  timeout -k 5 $BUILD_SECONDS "$0" build "$@" 6<&- 9>&- || built=$?
  if [ $built -eq 124 ] || [ $built -eq 137 ]; then
    complain "putting the state together and trying it out took longer than $BUILD_SECONDS seconds; are there very large files in /etc/mail?"
  fi
  return $built
}

# build_generation FOLDER: all that can fail before anything is changed.
build_generation() {
  exec 6<"$1"
  flock 6 && "$PROGRAMS/postfix-maps" --list >"$1/sources" && before=$(fingerprint "$1/sources") && build_in_time "$1" &&
    echo "$before" >"$1/fingerprint" && chmod 0755 "$1" && mv -T "$1" "$STATE/$generation"
}

# Leaves $CHANGED set to yes when something new is live, and $PREVIOUS to the folder that was before.
change() {
  CHANGED=no
  PREVIOUS=$(readlink "$CURRENT" 2>/dev/null || true)
  if [ "$(live_text)" = current ]; then return 0; fi
  forget_generations "$PREVIOUS"
  generation=generation-$(date -u +%Y%m%dT%H%M%S)-$$
  new=''
  if ! { new=$(workplace new 2>"$REFUSAL") && briefly "$REFUSAL" build_generation "$new"; }; then
    refused "$new"
    return 1
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
