# shellcheck shell=sh
# How a state is made of the sources as they are now, and of what is used in the place of service users' files that are no good.

# Longest time for putting a state together and trying it out.
BUILD_SECONDS=120

# build_from FOLDER CANDIDATE [tolerantly]: a process of its own, without the locks: what fails in it ends it, and nothing that it leaves behind
# can hold them. In its view of the file system the folders of the service users are the copies that were taken of them: nothing
# of it can read anything else there, nor see anything change.
build_from() {
  built=0
  # shellcheck disable=SC2016
  timeout -k 5 $BUILD_SECONDS unshare --mount --propagation private sh -eu -c '
    for place in "" "$3"; do
      for folder in /etc/mail /etc/postfix/main.d /etc/postfix/tables; do
        if [ -d "$place$folder" ]; then mount --bind "$2/from$folder" "$place$folder"; fi
      done
    done
    exec "$1" build "$2" "$3" "$4"' sh "$0" "$1" "$2" "${3:-}" 6<&- 8>&- 9>&- || built=$?
  if [ $built -eq 124 ] || [ $built -eq 137 ]; then
    complain "putting the state together and trying it out took longer than $BUILD_SECONDS seconds; are there very large files in /etc/mail?"
  fi
  return $built
}

# list_sources FOLDER: the paths of all maps, in FOLDER/sources.
list_sources() { echo "$MAPS" >"$1/sources"; }

# take_sources FOLDER CANDIDATE: copies of the sources, in FOLDER/from.
take_sources() {
  mkdir -m 0711 "$1/from" &&
    xargs "$(program postfix-sources "$2")" take --candidate "$2" --into "$1/from" <"$1/sources"
}

# program NAME CANDIDATE: the candidate's where it has one.
program() {
  if [ -n "$2" ] && [ -e "$2$PROGRAMS/$1" ]; then echo "$2$PROGRAMS/$1"; else echo "$PROGRAMS/$1"; fi
}

# build_strictly FOLDER CANDIDATE: of the sources as they are. What a service user asks for is refused for any mistake.
build_strictly() { take_sources "$1" "$2" && build_from "$1" "$2"; }

# build_anyhow FOLDER CANDIDATE: a push of the stack does not fail by a service user's file: the last good state of that is used, and
# everybody hears of it (FOLDER/left-out). First of the files that the refusal names, then of all of theirs, for a mistake may be in
# how they go together. On a host that never had a good state such a file is left out. A last good state may be older than the rule that
# refuses it, and then no other is known: its maps stay in effect, but for lines that are no good for themselves.
build_anyhow() {
  refusal=$1/refusal
  if briefly "$refusal" build_strictly "$1" "$2"; then
    cat "$refusal" >&2
    rm "$refusal"
    return 0
  fi
  good=$CURRENT/from
  if [ ! -d "$good" ] && [ -e "$CURRENT" ]; then good=''; fi
  named=$(sed -n 's/^postfix-gate: \(\/etc\/[^:]*\):[0-9].*/\1/p' "$refusal" | sort -u | grep -xFf "$1/from/theirs") || named=''
  tried=''
  for files in "$named" ''; do
    if [ "$tried" = yes ] && [ -z "$named" ]; then break; fi
    tried=yes
    if [ -z "$good" ] || ! clear_build "$1"; then break; fi
    # shellcheck disable=SC2086 # names of maps and fragments have no blanks
    if ! "$(program postfix-sources "$2")" replace --into "$1/from" --good "$good" $files; then break; fi
    if briefly "$1/again" build_from "$1" "$2"; then
      tell_left_out "$files" "$refusal" >"$1/left-out"
      sed 's/^/postfix-gate: warning: /' "$1/left-out" >&2
      cat "$1/again" >&2
      rm -f "$refusal" "$1/again"
      return 0
    fi
  done
  if clear_build "$1" && briefly "$1/again" build_from "$1" "$2" tolerantly; then
    tell_tolerated "$1/again" "$refusal" >"$1/left-out"
    sed 's/^/postfix-gate: warning: /' "$1/left-out" >&2
    grep -v '^postfix-gate: tolerated: ' "$1/again" >&2 || true
    rm -f "$refusal" "$1/again"
    return 0
  fi
  cat "$refusal" >&2
  rm -f "$refusal" "$1/again"
  return 1
}

# tell_tolerated SAID REFUSAL: prints the mistakes in SAID that stay in effect, and those in REFUSAL that a new state would be refused for.
tell_tolerated() {
  {
    sed -n 's/^postfix-gate: tolerated: //p' "$1" | head -n 1
    echo "what was in effect before stays so as far as Postfix can use it, until these lines are corrected and put into effect with: sudo /etc/init.d/postfix reload"
    sed -n 's/^postfix-gate: tolerated: //p' "$1"
    sed 's/^postfix-gate: //' "$2"
  } | awk '!seen[$0]++' | head -n 20
}

# clear_build FOLDER: what an attempt left of itself goes; the sources stay.
clear_build() {
  find "$1" -mindepth 1 -maxdepth 1 ! -name from ! -name sources ! -name refusal -exec rm -rf {} +
}

# tell_left_out FILES REFUSAL
tell_left_out() {
  # shellcheck disable=SC2086
  what=$(echo ${1:-all files of service users} | sed 's/ /, /g')
  sed -e 's/^postfix-gate: //' -e '2,$d' "$2"
  if [ -e "$CURRENT/from" ]; then
    echo "of $what the last good state stays in effect, until that is corrected and put into effect with: sudo /etc/init.d/postfix reload"
  else
    echo "$what: left out, until that is corrected and put into effect with: sudo /etc/init.d/postfix reload"
  fi
  sed -e 's/^postfix-gate: //' -e '1d' "$2" | head -n 20
}
