#!/bin/sh
# self-signed-certificate check|build FILE NAME: a key and a certificate for NAME in one file, key first.
# It is made anew only when it is missing, is for another name, or ends within 30 days.
set -eu
verb=$1 file=$2 name=$3

check() {
  [ -s "$file" ] || { echo "there is no certificate yet"; return 1; }
  openssl x509 -in "$file" -noout -checkhost "$name" | grep -q 'does match' || { echo "the certificate is not for $name"; return 1; }
  openssl x509 -in "$file" -noout -checkend 2592000 >/dev/null || { echo "the certificate ends within 30 days"; return 1; }
}

build() {
  if check >/dev/null; then return 0; fi
  umask 077
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
    -subj '/CN=mail server' -addext "subjectAltName=DNS:$name" -addext 'basicConstraints=critical,CA:FALSE' \
    -keyout "$file.new" -out "$file.certificate" 2>/dev/null
  cat "$file.certificate" >>"$file.new"
  rm "$file.certificate"
  mv "$file.new" "$file"
}

case $verb in
  check) check ;;
  build) build ;;
  *) echo "self-signed-certificate: unknown verb '$verb': check or build" >&2; exit 2 ;;
esac
