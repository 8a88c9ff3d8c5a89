#!/bin/bash
# stock.sh HOST_NAME -- Debian's packages with the configuration that they ship, put together as Debian's documentation of amavis,
# postgrey and Postfix has it. What is added beyond that is what they cannot run without, or a lab without internet.
set -eu
name=$1
export DEBIAN_FRONTEND=noninteractive
printf 'postfix postfix/main_mailer_type select Internet Site\npostfix postfix/mailname string %s\n' "$name" | debconf-set-selections
apt-get -qq update
apt-get -qq install -y --no-install-recommends \
  postfix postgrey policyd-weight amavisd-new spamassassin clamav-daemon clamav-freshclam >/dev/null </dev/null

# README.Debian of amavisd-new: both checks are switched on, and clamd may read the parts of a mail.
cat >/etc/amavis/conf.d/15-content_filter_mode <<'CONF'
use strict;
@bypass_virus_checks_maps = (
   \%bypass_virus_checks, \@bypass_virus_checks_acl, \$bypass_virus_checks_re);
@bypass_spam_checks_maps = (
   \%bypass_spam_checks, \@bypass_spam_checks_acl, \$bypass_spam_checks_re);
1;
CONF
cat >/etc/amavis/conf.d/05-node_id <<CONF
use strict;
\$myhostname = "$name";
1;
CONF
adduser --quiet clamav amavis

# The official signatures cannot be fetched here, and Debian's units do not start without them.
systemctl disable --quiet --now clamav-freshclam
echo 'Load-Test-Signature:0:*:6c6f61642d746573742d7369676e6174757265' >/var/lib/clamav/load.ndb
for unit in clamav-daemon.service clamav-daemon.socket; do
  install -d "/etc/systemd/system/$unit.d"
  printf '[Unit]\nConditionPathExistsGlob=\n' >"/etc/systemd/system/$unit.d/load.conf"
done

# Debian's unit lacks the verb: the daemon would end at once.
install -d /etc/systemd/system/policyd-weight.service.d
printf '[Service]\nExecStart=\nExecStart=/usr/sbin/policyd-weight -D start\n' >/etc/systemd/system/policyd-weight.service.d/load.conf

# The rule is about addresses for documentation, which the lab's are: without its points mails are learned from, as elsewhere.
echo 'score RCVD_ILLEGAL_IP 0' >>/etc/spamassassin/local.cf

# As shipped but for the delay, which is five minutes: senders are made known before anything is measured.
echo 'POSTGREY_OPTS="--inet=10023 --delay=1"' >/etc/default/postgrey

# README.postfix of amavisd-new: the way to the filter and back.
postconf -e "myhostname = $name" "mydestination = \$myhostname, localhost" 'home_mailbox = Maildir/' \
  'content_filter = smtp-amavis:[127.0.0.1]:10024' \
  'smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination, check_policy_service inet:127.0.0.1:12525, check_policy_service inet:127.0.0.1:10023'
cat >>/etc/postfix/master.cf <<'CONF'
smtp-amavis     unix    -       -       -       -       2       smtp
        -o smtp_data_done_timeout=1200
        -o smtp_send_xforward_command=yes
        -o disable_dns_lookups=yes
        -o max_use=20
127.0.0.1:10025 inet    n       -       -       -       -       smtpd
        -o content_filter=
        -o local_recipient_maps=
        -o relay_recipient_maps=
        -o smtpd_restriction_classes=
        -o smtpd_delay_reject=no
        -o smtpd_client_restrictions=permit_mynetworks,reject
        -o smtpd_helo_restrictions=
        -o smtpd_sender_restrictions=
        -o smtpd_recipient_restrictions=permit_mynetworks,reject
        -o smtpd_data_restrictions=reject_unauth_pipelining
        -o smtpd_end_of_data_restrictions=
        -o mynetworks=127.0.0.0/8
        -o smtpd_error_sleep_time=0
        -o smtpd_soft_error_limit=1001
        -o smtpd_hard_error_limit=1000
        -o smtpd_client_connection_count_limit=0
        -o smtpd_client_connection_rate_limit=0
        -o receive_override_options=no_header_body_checks,no_unknown_recipient_checks,no_milters
CONF
systemctl daemon-reload
systemctl restart clamav-daemon policyd-weight postgrey amavis postfix
