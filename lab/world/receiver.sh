#!/bin/bash
# receiver.sh NAME ADDRESS DOMAIN STRICT_NAME STRICT_DOMAINS STRICT_ADDRESS... -- the mail servers of somebody else.
#   NAME at ADDRESS takes every mail to DOMAIN. STRICT_NAME at each STRICT_ADDRESS takes mail to STRICT_DOMAINS (one word,
#   comma-separated) only from whom the big receivers would take it: reverse name that leads back, HELO of exactly that name,
#   SPF, TLS. Every mail ends in one Maildir, whose Received header says who brought it.
# The policy program for the HELO name comes on standard input.
set -eu
name=$1 address=$2 domain=$3 strict_name=$4 strict_domains=$5
shift 5

getent group world-mail >/dev/null || groupadd --system world-mail
getent passwd world-mail >/dev/null || useradd --system --gid world-mail --home-dir /var/mail/world --shell /usr/sbin/nologin world-mail
install -d -o world-mail -g world-mail -m 0700 /var/mail/world
uid=$(id -u world-mail) gid=$(id -g world-mail)

cat >/usr/local/sbin/helo-policy
chmod 0755 /usr/local/sbin/helo-policy

cat >/etc/postfix-policyd-spf-python/policyd-spf.conf <<CONF
debugLevel = 1
TestOnly = 1
HELO_reject = SPF_Not_Pass
Mail_From_reject = SPF_Not_Pass
PermError_reject = True
TempError_Defer = True
Header_Type = SPF
CONF

cat >/etc/postfix/main.cf.new <<CONF
compatibility_level = 3.6
myhostname = $name
mydestination =
inet_interfaces = all
inet_protocols = all
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = reject_unauth_destination
virtual_mailbox_domains = $domain, $strict_domains
virtual_mailbox_base = /var/mail
virtual_mailbox_maps = static:world/
virtual_minimum_uid = 100
virtual_uid_maps = static:$uid
virtual_gid_maps = static:$gid
smtpd_client_connection_rate_limit = 0
smtpd_tls_chain_files = /etc/ssl/private/ssl-cert-snakeoil.key, /etc/ssl/certs/ssl-cert-snakeoil.pem
smtpd_tls_security_level = may
strict_client = reject_unknown_reverse_client_hostname, reject_unknown_client_hostname
strict_helo = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname, reject_unknown_helo_hostname,
  check_policy_service unix:private/helo-policy
strict_sender = reject_non_fqdn_sender, reject_unknown_sender_domain
strict_recipient = reject_unauth_destination, check_policy_service unix:private/policyd-spf
policyd-spf_time_limit = 60
helo-policy_time_limit = 60
CONF

[ -e /etc/postfix/master.cf.debian ] || cp /etc/postfix/master.cf /etc/postfix/master.cf.debian
{
  grep -v '^smtp  *inet' /etc/postfix/master.cf.debian
  echo "$address:smtp inet n - n - - smtpd"
  echo '127.0.0.1:smtp inet n - n - - smtpd'
  for strict in "$@"; do
    cat <<CONF
[$strict]:smtp inet n - n - - smtpd
  -o myhostname=$strict_name
  -o smtpd_helo_required=yes
  -o smtpd_tls_security_level=encrypt
  -o smtpd_client_restrictions=\$strict_client
  -o smtpd_helo_restrictions=\$strict_helo
  -o smtpd_sender_restrictions=\$strict_sender
  -o smtpd_recipient_restrictions=\$strict_recipient
  -o unknown_client_reject_code=550
  -o unknown_hostname_reject_code=550
  -o unknown_address_reject_code=550
CONF
  done
  cat <<'CONF'
policyd-spf unix - n n - 0 spawn
  user=policyd-spf argv=/usr/bin/policyd-spf
helo-policy unix - n n - 0 spawn
  user=nobody argv=/usr/local/sbin/helo-policy
CONF
} >/etc/postfix/master.cf
mv /etc/postfix/main.cf.new /etc/postfix/main.cf
# Postfix waits until its files are two seconds old.
touch -d '5 seconds ago' /etc/postfix/main.cf /etc/postfix/master.cf
echo "$name" >/etc/mailname
systemctl restart postfix
for _ in $(seq 1000); do
  if (exec 3<>/dev/tcp/127.0.0.1/25 && read -r -t 2 line <&3 && [[ $line == 220* ]]) 2>/dev/null; then exit; fi
  sleep 0.02
done
echo "the receiving mail server does not answer on port 25" >&2
journalctl -u 'postfix*' -n 10 --no-pager >&2
exit 1
