#!/bin/sh
# self-signed-certificate check|build FILE NAME: a key and a certificate for NAME in one file, key first.
# It is made anew only when it is missing or unusable, is for another name, or ends within 30 days.
set -eu
verb=$1 file=$2 name=$3

check() {
  [ -s "$file" ] || { echo "there is no certificate yet"; return 1; }
  # It is its own root, so one question is enough: does it hold for that name in 30 days?
  said=$(openssl verify -CAfile "$file" -verify_hostname "$name" -attime $(($(date +%s) + 2592000)) "$file" 2>&1) && return
  case $said in
    *'hostname mismatch'*) echo "the certificate is not for $name" ;;
    *'has expired'*) echo "the certificate ends within 30 days" ;;
    *' lookup: '*) echo "the certificate cannot be used: $(echo "$said" | sed -n 's/.* lookup: //p')" ;;
    *) echo "the certificate cannot be read" ;;
  esac
  return 1
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
