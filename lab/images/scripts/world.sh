# shellcheck shell=bash
# Servers of the world outside are started by who needs them, not at boot.
for unit in dnsdist.service nsd.service postfix.service postfix-resolvconf.path unbound.service unbound-resolvconf.service; do
  rm -f /etc/systemd/system/*.wants/"$unit"
done
