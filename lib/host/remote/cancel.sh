# shellcheck shell=sh
# Asks an apply to stop at the next good moment and to put back what it changed.
systemctl --no-block stop mailserver-apply.service
