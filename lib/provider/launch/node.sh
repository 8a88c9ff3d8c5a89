#!/bin/sh
":" //; # Read by the shell, and by Node as remarks. Node would parse whole bundles of certificates at each start, those of
":" //; # NODE_EXTRA_CA_CERTS (a company's proxy) and its own: for a program that trusts none of them, most of its start.
":" //; # What asks AWS reads them when it does.
":" //; [ -z "$NODE_EXTRA_CA_CERTS" ] || export MAILSERVER_EXTRA_CA_CERTS="$NODE_EXTRA_CA_CERTS"
":" //; unset NODE_EXTRA_CA_CERTS
":" //; export SSL_CERT_FILE=/dev/null SSL_CERT_DIR=/dev/null
":" //; # The option goes with no other of its kind.
":" //; case "$NODE_OPTIONS" in *-ca*) exec node "$0" "$@" ;; esac
":" //; exec node --use-openssl-ca "$0" "$@"
