#!/bin/bash
# receiver.sh NAME DOMAIN -- a mail server of somebody else: every mail to DOMAIN ends in one Maildir, whose Received header says
# who brought it.
set -eu
name=$1 domain=$2

getent group world-mail >/dev/null || groupadd --system world-mail
getent passwd world-mail >/dev/null || useradd --system --gid world-mail --home-dir /var/mail/world --shell /usr/sbin/nologin world-mail
install -d -o world-mail -g world-mail -m 0700 /var/mail/world
uid=$(id -u world-mail) gid=$(id -g world-mail)

cat >/etc/postfix/main.cf.new <<CONF
compatibility_level = 3.6
myhostname = $name
mydestination =
inet_interfaces = all
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = $domain
virtual_mailbox_base = /var/mail
virtual_mailbox_maps = static:world/
virtual_minimum_uid = 100
virtual_uid_maps = static:$uid
virtual_gid_maps = static:$gid
smtpd_client_connection_rate_limit = 0
CONF
mv /etc/postfix/main.cf.new /etc/postfix/main.cf
# Postfix waits until main.cf is two seconds old.
touch -d '5 seconds ago' /etc/postfix/main.cf
echo "$name" >/etc/mailname
systemctl restart postfix
for _ in $(seq 1000); do
  if (exec 3<>/dev/tcp/127.0.0.1/25 && read -r -t 2 line <&3 && [[ $line == 220* ]]) 2>/dev/null; then exit; fi
  sleep 0.02
done
echo "the receiving mail server does not answer on port 25" >&2
journalctl -u 'postfix*' -n 10 --no-pager >&2
exit 1
