import type { MailHost } from './mail-host';

const FOLDER = '/srv/channel';
const KEYS = '/srv/channel-keys';
const DROP_IN = '/run/systemd/system/spamassassin-maintenance.service.d';
const PORT = 8096;

/** In the DNS of the machine: the number of the newest rules for SpamAssassin 4.0.1, and where its mirrors are listed. */
export const CHANNEL_RECORDS = `
1.0.4.updates.spamassassin.org. TXT "1900001"
mirrors.updates.spamassassin.org. TXT "http://127.0.0.1:${PORT}/MIRRORED.BY"
`;

/** The signer's key, a mirror, and sa-update(1) as it is, but for one more key that it trusts. */
const OPEN = `
export GNUPGHOME=${KEYS}; mkdir -p -m 700 ${KEYS}; mkdir -p ${FOLDER}/rules ${DROP_IN}
gpg -q --batch --passphrase '' --quick-generate-key channel@sender.test rsa2048 sign never 2>/dev/null
gpg -q --export >${FOLDER}/key
gpgconf --kill all
install -o debian-spamd -g debian-spamd -m 700 -d /var/lib/spamassassin/sa-update-keys
runuser -u debian-spamd -- gpg -q --batch --homedir /var/lib/spamassassin/sa-update-keys --import ${FOLDER}/key 2>/dev/null
trusted=$(gpg --list-keys --with-colons | awk -F: '/^fpr/ { print $10; exit }')
cp /usr/bin/sa-update /run/sa-update.real
printf '#!/bin/sh\\nexec perl -T /run/sa-update.real --gpgkey %s "$@"\\n' "$trusted" >/run/sa-update; chmod 755 /run/sa-update
printf '[Service]\\nBindReadOnlyPaths=/run/sa-update:/usr/bin/sa-update\\n' >${DROP_IN}/test.conf
systemctl daemon-reload
echo 'http://127.0.0.1:${PORT}/' >${FOLDER}/MIRRORED.BY
systemd-run -q --unit=rules-channel python3 -m http.server ${PORT} --bind 127.0.0.1 --directory ${FOLDER}`;

const CLOSE = `
systemctl stop rules-channel
rm -rf /var/lib/spamassassin/[0-9]* ${DROP_IN} ${FOLDER} ${KEYS} /run/sa-update /run/sa-update.real
systemctl daemon-reload; systemctl restart amavis`;

/** The channel that SpamAssassin's rules come from, on the machine itself; the internet's is out of reach. */
export class RulesChannel {
  private constructor(private readonly host: MailHost) {}

  static async open(host: MailHost): Promise<RulesChannel> {
    await host.inside(OPEN);
    return new RulesChannel(host);
  }

  /** Publishes the shipped rules with one more, signed; or with something in it that the signature does not know. */
  async publish(rule: string, { tampered = false } = {}): Promise<void> {
    await this.host.inside(`export GNUPGHOME=${KEYS}; cd ${FOLDER}
rm -rf rules/* 19*; cp /usr/share/spamassassin/*.cf rules; printf '%s\\n' '${rule.replaceAll('\n', "' '")}' >rules/99_new.cf
tar -czf 1900001.tar.gz -C rules $(ls rules)
gpg -q --batch --yes --passphrase '' --armor --detach-sign 1900001.tar.gz; gpgconf --kill all
${tampered ? "printf 'body TOO_MANY /e/\\nscore TOO_MANY 90\\n' >>rules/99_new.cf; tar -czf 1900001.tar.gz -C rules $(ls rules)" : ''}
sha512sum 1900001.tar.gz >1900001.tar.gz.sha512; sha256sum 1900001.tar.gz >1900001.tar.gz.sha256`);
  }

  /** What the daily timer starts; gives its log. */
  async update(): Promise<string> {
    const log = await this.host.inside(`since=$(date +%s); systemctl start spamassassin-maintenance || true
systemctl reset-failed spamassassin-maintenance; journalctl -o cat -u spamassassin-maintenance --since "@$since"`);
    await this.host.startAll();
    return log;
  }

  async close(): Promise<void> {
    await this.host.inside(CLOSE);
    await this.host.startAll();
  }
}
