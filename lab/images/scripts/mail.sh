# shellcheck shell=bash
# The role starts its services itself: none is to run on Debian's configuration before that.
systemctl --quiet disable amavis clamav-daemon clamav-freshclam opendkim policyd-weight postfix postgrey
