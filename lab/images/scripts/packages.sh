#!/bin/bash
# Downloads packages with all they depend on into a flat package folder with its index, as an apt source for machines without
# network. The host's apt does it with its own configuration, but for another release and an empty machine.
# arguments: TARGET SUITE PACKAGES (comma-separated) SOURCE...
set -euo pipefail
target=$1 suite=$2 packages=${3//,/ }
shift 3
work=$target.apt
trap 'rm -rf "$work"' EXIT

mkdir -p "$target/partial" "$work/lists/partial"
: > "$work/status"
printf '%s\n' "$@" > "$work/sources.list"
options=()
for option in "Dir::State=$work" "Dir::State::lists=$work/lists" "Dir::State::status=$work/status" \
  "Dir::Cache=$work" "Dir::Cache::archives=$target" \
  "Dir::Etc::sourcelist=$work/sources.list" Dir::Etc::sourceparts=/dev/null \
  Dir::Etc::preferences=/dev/null Dir::Etc::preferencesparts=/dev/null APT::Default-Release= \
  APT::Sandbox::User=root APT::Install-Recommends=false APT::Install-Suggests=false Acquire::Languages=none; do
  options+=(-o "$option")
done

apt-get -qq "${options[@]}" update
# shellcheck disable=SC2086 # a list of names
apt-get -qq --yes --download-only "${options[@]}" install '?essential' apt $packages

cd "$target"
rm -rf partial lock
apt-ftparchive packages . > Packages
apt-ftparchive -o APT::FTPArchive::Release::Suite="$suite" -o APT::FTPArchive::Release::Origin=Debian release . > Release.new
mv Release.new Release
chmod -R a+rX .
