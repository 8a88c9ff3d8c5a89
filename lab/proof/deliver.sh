#!/bin/sh
# The application's end of the mail server: keeps each mail as a file, complete before it has its name.
set -eu
mkdir -p "$HOME/inbox"
file=$(mktemp "$HOME/inbox/XXXXXXXX")
cat >"$file"
mv "$file" "$file.mail"
