#!/bin/sh
# metadata-service close|check: the cloud's metadata service for root only.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
rules=/usr/lib/mailserver/metadata-service.nft
# What the kernel made of the rules, so that a later change of them is seen. On a file system that a boot empties, as the kernel's rules are.
loaded=/run/mailserver-metadata.nft
table='inet mailserver_metadata'

# shellcheck disable=SC2086 # two words
live() { nft --stateless list table $table 2>/dev/null; }

case ${1-} in
close)
  nft --file "$rules"
  live >"$loaded.new"
  mv "$loaded.new" "$loaded"
  ;;
check)
  if [ ! -x "$(command -v nft)" ] || ! now=$(live); then
    echo 'open: every user of the host can ask it for credentials'
    exit 1
  fi
  if [ ! -e "$loaded" ] || [ "$now" != "$(cat "$loaded")" ] || [ -n "$(find "$rules" -newer "$loaded")" ]; then
    echo 'stale: the rules of the kernel are not those of the stack'
    exit 1
  fi
  ;;
*)
  echo 'usage: metadata-service close|check' >&2
  exit 2
  ;;
esac
