import { randomBytes } from 'node:crypto';
import { waitFor } from '../../../../lab/system';
import { MailHost, quoted } from '../../requirements/mail-host';
import { message } from '../../support/smtp-session';
import { KEYS, PLACING, PROGRAM, privateText, type Secret, secrets, spellingsOf, victim } from './canaries';

/** Users of the host that attack it: two service users, and a local user who is in no group of the role's. */
export type Attacker = 'webapp' | 'other' | 'plain';

/** What an attack did that it must not do; every list is empty when the host held. */
export interface Harm {
  /** Secrets of others that the attacker, or the outside world, has now. */
  readonly read: readonly string[];
  /** As whom a program of the attacker's ran, but for themselves. */
  readonly ran: readonly string[];
  /** What does not work any more. */
  readonly down: readonly string[];
  /** Recipients, here and outside, of mails with the word of this attack. */
  readonly delivered: readonly string[];
}

export const NO_HARM: Harm = { read: [], ran: [], down: [], delivered: [] };

/** What an attack has at hand. */
export interface Means {
  /** A word that nothing else on the host has: mails with it in them come from this attack. */
  readonly word: string;
}

const SERVICES = ['postfix', 'postgrey', 'policyd-weight', 'amavis', 'clamav-daemon'] as const;
const SAVED = '/root/before-the-attack.tar';
/** Files that were changed after it are looked into. */
export const BEGAN = '/run/attack-began';

/** A deployed mail host with secrets, and people on it who want them. */
export class AttackedHost extends MailHost {
  private readonly secrets: Secret[] = [...secrets];

  constructor() {
    super({
      serviceUsers: ['webapp', 'other'],
      networkLimits: { recipientsPerMinute: 1000, recipientsPerHour: 1000, recipientsPerDay: 1000 },
      domains: { 'example.test': { deliverTo: 'webapp' }, 'other.test': { deliverTo: 'other' } },
    });
  }

  override async start(): Promise<void> {
    await super.start();
    await this.inside(PLACING);
    for (const path of KEYS) {
      const line = await this.inside(`sed -n '/PRIVATE KEY/,$p' ${path} | sed -n 3p`);
      expect(line).toMatch(/^\S{20,}$/);
      this.secrets.push({ name: path, owner: 'root', token: line });
    }
    expect(await this.asUser(`printf %s ${victim.password} | sudo -n saslpasswd2 -p ${victim.user}`, 'other')).toBe('exit 0');
    expect(await this.send(25, { to: 'private@other.test', data: message('private', privateText) })).toMatchObject({ code: 250 });
    await this.delivery('private@other.test', 'other');
    await this.inside(`tar -C / -cpf ${SAVED} etc/mail etc/postfix home/other`);
  }

  /** Puts {@link PROGRAM} where an attacker wants it; they own it and the folder it is in. */
  async plant(path: string, attacker: Attacker): Promise<void> {
    const place = `mkdir -p "$(dirname ${path})"; printf %s ${quoted(PROGRAM)} >${path}; chmod 755 ${path}`;
    expect(await this.asUser(place, attacker)).toBe('exit 0');
  }

  /**
   * Lets somebody attack, and tells what they achieved. Afterwards the host is as before.
   * @param attack gives everything that the attacker saw: output of commands, replies of servers
   */
  async harmOf(attacker: Attacker | 'stranger', attack: (means: Means) => Promise<unknown>): Promise<Harm> {
    const word = `attack${randomBytes(6).toString('hex')}`;
    await this.inside(`rm -f ${BEGAN}; touch ${BEGAN}; sleep 0.01`);
    try {
      const seen = await attack({ word });
      await this.quiet();
      return {
        read: await this.readBy(attacker, typeof seen === 'string' ? seen : JSON.stringify(seen ?? '')),
        ran: await this.ranAsOthers(attacker),
        down: await this.whatIsDown(),
        delivered: await this.recipientsOf(word),
      };
    } finally {
      await this.restore();
    }
  }

  /** Waits until nothing is left to be delivered at once; what is put off stays. */
  private async quiet(): Promise<void> {
    await this.eventually(
      '! systemctl -q is-active postfix || [ -z "$(find /var/spool/postfix/incoming /var/spool/postfix/active /var/spool/postfix/maildrop -type f 2>/dev/null)" ]',
    );
  }

  /** Secrets of others in what the attacker saw, in what they can read and was written since, and in mails that left the host. */
  private async readBy(attacker: Attacker | 'stranger', seen: string): Promise<string[]> {
    const outside = JSON.stringify(this.sink.mails);
    const foreign = this.secrets.filter(({ owner }) => owner !== attacker);
    const files = attacker === 'stranger' ? new Map<string, string>() : await this.filesWithSecrets(attacker, foreign);
    return foreign.flatMap(({ name, token }) => {
      const spelled = spellingsOf(token);
      const shows = (text: string) => spelled.some((each) => text.includes(each));
      const where = [
        ...(shows(seen) ? ['what the attacker saw'] : []),
        ...(shows(outside) ? ['a mail that left the host'] : []),
        ...[...files].filter(([, matched]) => shows(matched)).map(([path]) => path),
      ];
      return where.map((place) => `${name}, in ${place}`);
    });
  }

  /** Paths of files with a secret in them, and the spellings found, as the attacker reads them. */
  private async filesWithSecrets(attacker: Attacker, foreign: readonly Secret[]): Promise<Map<string, string>> {
    const patterns = foreign.flatMap(({ token }) => spellingsOf(token)).join('\n');
    const list = '/run/patterns';
    const search = `find / \\( -path /proc -o -path /sys -o -path ${list} \\) -prune -o -type f -cnewer ${BEGAN} -readable -print0 2>/dev/null |
      xargs -0r grep -aoFH -f ${list} -- 2>/dev/null | cut -c1-500 | head -n 100`;
    const lines = await this.inside(`printf '%s\\n' ${quoted(patterns)} >${list}
      runuser -u ${attacker} -- sh -c ${quoted(search)} </dev/null || true
      rm -f ${list}`);
    const found = new Map<string, string>();
    for (const line of lines.split('\n').filter(Boolean)) {
      const [path = '', ...rest] = line.split(':');
      found.set(path, `${found.get(path) ?? ''}\n${rest.join(':')}`);
    }
    return found;
  }

  private async ranAsOthers(attacker: string): Promise<string[]> {
    const traces = "find / \\( -path /proc -o -path /sys \\) -prune -o -name 'ran-*' -type f -printf '%u\\n' -exec rm -f {} +";
    const users = new Set((await this.inside(traces)).split('\n'));
    return [...users].filter((user) => user && user !== attacker).sort();
  }

  /** Services that do not run, a port 25 that does not greet, a gate that does not answer. */
  private async whatIsDown(): Promise<string[]> {
    const stopped = await this.inside(`for unit in ${SERVICES.join(' ')}; do systemctl -q is-active $unit || echo $unit; done`);
    const down = stopped.split('\n').filter(Boolean);
    const greets = waitFor('a greeting', async () => /ESMTP/.test(await this.banner()) || undefined, {
      deadline: 15_000,
      interval: 100,
    });
    await greets.catch(() => down.push('port 25'));
    const answered = await this.inside('timeout 20 /usr/lib/mailserver/postfix-gate status >/dev/null 2>&1 && echo 0 || echo $?');
    // 1: something is not reloaded yet.
    return /^[01]$/.test(answered) ? down : [...down, 'the gate'];
  }

  private async recipientsOf(word: string): Promise<string[]> {
    const outside = this.sink.mails
      .filter((mail) => JSON.stringify(mail).includes(word))
      .flatMap(({ said }) => said.filter((line) => line.startsWith('RCPT TO:')));
    const inside = await this.inside(`grep -lsF ${word} /home/*/inbox/*.json /var/mail/* /var/spool/mail/* | sort -u || true`);
    return [...new Set([...outside, ...inside.split('\n').filter(Boolean)])];
  }

  /** Everything that people may write is as it was before the attack, and in effect. */
  private async restore(): Promise<void> {
    await this.inside(`rm -rf /etc/mail/* /etc/mail/.[!.]* /etc/postfix/main.d/* /etc/postfix/main.d/.[!.]*
      tar -C / -xpf ${SAVED}
      postsuper -d ALL >/dev/null 2>&1 || true
      find /home/*/inbox -type f -newer ${BEGAN} -delete
      systemctl reset-failed; systemctl start ${SERVICES.join(' ')}
      /usr/lib/mailserver/postfix-gate status >/dev/null || /etc/init.d/postfix reload >/dev/null`);
  }
}
