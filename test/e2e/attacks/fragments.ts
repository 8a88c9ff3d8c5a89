import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parameterClasses } from '../../../lib/role/settings/service-user-parameter';
import { quoted } from '../requirements/mail-host';
import { sampled } from '../support/sampled';
import { message } from '../support/smtp-session';
import { type AttackedHost, NO_HARM } from './support/attacked-host';

const FOLDER = '/etc/postfix/main.d';
const FIXTURES = join(__dirname, '../../role/remote/fragments');
const READS_SHADOW = 'smtpd_client_restrictions = check_client_access';

/** A reload takes seconds; what the judge says of every case of its tables is asked of it without one. */
const few = (attempts: readonly Attempt[]) => sampled(attempts, 4);

/** Fragments by name, and what is said of them, with the place. */
type Attempt = readonly [files: Readonly<Record<string, string>>, said: RegExp];

/** A folder outside of those that root alone writes, made up of parts that look harmless one by one. */
const PARTS = 'hs_dot = .\nhs_up = ${hs_dot}./\nhs_tail = home/webapp/d\nbiff = no\n';

/** What service users cannot do with the files that they add to the configuration of Postfix (R11, R12, R37). */
export function fragments(host: AttackedHost): void {
  /** Writes fragments as a service user and reloads. Gives what the reload says; the files are gone afterwards. */
  const reloadWith = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const paths = Object.keys(files).map((name) => `${FOLDER}/${name}`);
    for (const [name, text] of Object.entries(files)) {
      const encoded = Buffer.from(text, 'latin1').toString('base64');
      expect(await host.asUser(`echo ${encoded} | base64 -d >${FOLDER}/${name}`)).toBe('exit 0');
    }
    const said = await host.asUser('sudo -n /etc/init.d/postfix reload');
    await host.inside(`rm -f ${paths.join(' ')}`);
    return said;
  };
  const refusedAll = async (attempts: readonly Attempt[]) => {
    const all: string[] = [];
    for (const [files, expected] of few(attempts)) {
      const said = await reloadWith(files);
      expect(said).toMatch(expected);
      expect(said).toMatch(/\nexit 1$/);
      all.push(said);
    }
    return all.join('\n');
  };

  test('every parameter that the installed Postfix knows is classified, and no other', async () => {
    const names = parameterClasses().map(({ name }) => name);
    const endings = names.filter((name) => name.startsWith('*')).map((name) => name.slice(1));
    const known = (await host.inside("postconf -d | sed 's/ =.*//'")).split('\n');
    const ofTransports = (name: string) => !names.includes(name) && endings.some((ending) => name.endsWith(ending));
    // Parameters of the role: what -o of submission's services points to.
    const own = [
      'known_client_restrictions',
      'submission_client_connection_count_limit',
      'submission_discard_ehlo_keywords',
      'submission_recipient_restrictions',
      'submission_relay_restrictions',
      'submission_tls_exclude_ciphers',
    ];
    expect(known.filter((name) => !ofTransports(name)).sort()).toEqual(
      names.filter((name) => !name.startsWith('*') && !own.includes(name)).sort(),
    );
  });

  test('the real Postfix is asked about every case of the tables, and each is judged as they say', async () => {
    const fixture = (name: string) => readFileSync(join(FIXTURES, name), 'utf8');
    const allowed: unknown[] = JSON.parse(fixture('allowed.json'));
    const refused: [unknown, ...string[]][] = JSON.parse(fixture('refused.json'));
    const cases = JSON.stringify([...allowed, ...refused.map(([each]) => each)]);
    for (const [name, text] of [
      ['judge-cases.py', fixture('judge-cases.py')],
      ['cases.json', cases],
    ] as const) {
      const parts =
        Buffer.from(text)
          .toString('base64')
          .match(/.{1,60000}/g) ?? [];
      await host.inside(`rm -f /tmp/${name}`);
      for (const part of parts) await host.inside(`echo ${part} | base64 -d >>/tmp/${name}`);
    }
    const answers = await host.inside(
      `python3 /tmp/judge-cases.py /usr/lib/mailserver /usr/sbin/postconf ${FOLDER}/10_role.cf /etc/postfix/master.cf </tmp/cases.json`,
    );
    const said = (JSON.parse(answers) as string[][]).map((lines) => lines.join('\n'));
    expect(said.slice(0, allowed.length)).toEqual(allowed.map(() => ''));
    for (const [index, [, ...words]] of refused.entries()) {
      for (const word of words) expect(said[allowed.length + index]).toContain(word);
    }
  });

  test('no characters that programs read differently, and no parts that fit together, make root run a program', async () => {
    for (const name of ['smtpd', 'smtp', 'postlogd', 'cleanup', 'local', 'pipe', 'master'])
      await host.plant(`/home/webapp/d/${name}`, 'webapp');
    const path = '/usr/share/${hs_up}${hs_up}${hs_tail}';
    const harm = await host.harmOf('webapp', () =>
      refusedAll([
        ...['\x0b', '\x0c', '\r', '\0', '\x1c', '\xc2\xa0', '\xe2\x80\xa8', '\xef\xbb\xbf', '\xff'].map(
          (letter): Attempt => [{ '41_a.cf': `${PARTS}${letter}daemon_directory = ${path}\n` }, /41_a\.cf:5: (has|ends with)/],
        ),
        [{ '41_a.cf': `${PARTS}daemon_directory = ${path}\n` }, /41_a\.cf:5: 'daemon_directory' decides what runs as root/],
        [{ '41_a.cf': `${PARTS}shlib_directory = ${path}\n` }, /41_a\.cf:5: 'shlib_directory' decides what runs as root/],
        [{ '41_a.cf': `${PARTS}command_directory = ${path}\n` }, /41_a\.cf:5: 'command_directory' decides what runs as root/],
      ]),
    );
    expect(harm).toEqual(NO_HARM);
  });

  test('no fragment continues another, and none shows a file that its author cannot read', async () => {
    const harm = await host.harmOf('webapp', () =>
      refusedAll([
        [{ '41_a.cf': 'mail_name =', '42_b.cf': ' pcre:/var/mail/admin\n' }, /42_b\.cf:1: begins with a blank/],
        [{ '41_a.cf': 'alias_maps =', '42_b.cf': ' pcre:/var/mail/admin\n' }, /42_b\.cf:1: begins with a blank/],
        [{ '41_a.cf': 'alias_maps = pcre:/var/mail/admin\n' }, /41_a\.cf:1: 'alias_maps' decides what runs as root/],
        [{ '41_a.cf': `${PARTS}${READS_SHADOW} cidr:/usr/share/\${hs_up}\${hs_up}etc/shadow\n` }, /41_a\.cf:\d: .*holds '\.\.'/],
        [{ '41_a.cf': `c = etc\n${READS_SHADOW} texthash:/\${c}/shadow\n` }, /41_a\.cf:2: .*names \//],
        [{ '41_a.cf': `${READS_SHADOW} cidr:/root/canary\n` }, /41_a\.cf:1: .*names \/root\/canary/],
        [{ '41_a.cf': 'mynetworks = cidr:/etc/ssh/ssh_host_ed25519_key\n' }, /41_a\.cf:1: .*names \/etc\/ssh/],
      ]),
    );
    expect(harm).toEqual(NO_HARM);
  });

  test('no parameter shows a service user the mail or the sessions of another', async () => {
    const me = 'copies@example.test';
    const harm = await host.harmOf('webapp', async ({ word }) => {
      const said = await refusedAll(
        [
          `always_bcc = ${me}`,
          `sender_bcc_maps = static:${me}`,
          `recipient_bcc_maps = static:${me}`,
          `notify_classes = bounce, policy, protocol\nerror_notice_recipient = ${me}`,
          'smtpd_milters = inet:127.0.0.1:9900',
          'content_filter = user-webapp:',
          'virtual_transport = user-webapp:',
          'relayhost = [198.51.100.200]',
          'debug_peer_list = 0.0.0.0/0',
          `header_checks = pcre:{{/^/ BCC ${me}}}`,
          `a = B\nsmtpd_sender_restrictions = check_sender_access static:{\${a}CC ${me}}`,
          `smtpd_recipient_restrictions = check_recipient_access regexp:{{/./ REDIRECT ${me}}}`,
          'smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:9900',
          `virtual_alias_maps = static:${me}`,
          'transport_maps = inline:{{other.test = user-webapp:}}',
        ].map((text): Attempt => [{ '41_a.cf': `${text}\n` }, /41_a\.cf:\d: '/]),
      );
      const login = await host.login();
      await host.send(465, { from: 'app@example.test', to: 'x@other.test', login, data: message(word) });
      await host.delivery('x@other.test', 'other');
      return said;
    });
    expect(harm).toEqual({ ...NO_HARM, delivered: [expect.stringMatching('^/home/other/inbox/')] });
  });

  test("what only root can write counts although it is the stack's, and what it lets service users set is theirs", async () => {
    expect(await reloadWith({ '41_a.cf': 'always_bcc = copies@example.test\n' })).toMatch(
      /41_a\.cf:1: 'always_bcc' could show other people's mail .* names it in serviceUserParameters\nexit 1$/,
    );
    await host.inside('echo always_bcc >/etc/postfix/service-user-parameters');
    try {
      expect(await reloadWith({ '41_a.cf': 'always_bcc = copies@example.test\n' })).toMatch(/exit 0$/);
    } finally {
      await host.inside(`rm /etc/postfix/service-user-parameters; /etc/init.d/postfix reload`);
    }
    await host.inside(`echo 'relayhost = [198.51.100.200]' >${FOLDER}/60_root.cf; chmod 644 ${FOLDER}/60_root.cf`);
    try {
      expect(await host.inside('/usr/lib/mailserver/postfix-gate check && echo taken')).toBe('taken');
    } finally {
      await host.inside(`rm ${FOLDER}/60_root.cf`);
    }
  });

  test("service users add and change fragments of their own, and leave the role's where they are", async () => {
    const before = await host.inside(`md5sum ${FOLDER}/10_role.cf ${FOLDER}/30_stack.cf`);
    for (const command of [
      `mv ${FOLDER}/10_role.cf ${FOLDER}/99_role.cf`,
      `mv -f /tmp/mine ${FOLDER}/10_role.cf`,
      `rm -f ${FOLDER}/30_stack.cf`,
      `ln -sf /tmp/mine ${FOLDER}/30_stack.cf`,
      `sed -i s/no/yes/ ${FOLDER}/10_role.cf`,
      `mv ${FOLDER} ${FOLDER}.away`,
    ]) {
      expect(await host.asUser(`echo 'biff = yes' >/tmp/mine; ${command}`)).toMatch(/not permitted|Permission denied|exit 1/);
    }
    expect(await host.inside(`md5sum ${FOLDER}/10_role.cf ${FOLDER}/30_stack.cf; stat -c %a ${FOLDER}`)).toBe(`${before}\n3775`);
    const own = `${FOLDER}/41_mine.cf`;
    expect(await host.asUser(`echo 'biff = no' >${own}; sed -i s/no/yes/ ${own}; mv ${own} ${FOLDER}/42_mine.cf`)).toBe('exit 0');
    const seed = await host.inside(`cat ${FOLDER}/40_local.cf`);
    expect(await host.asUser(`cat ${FOLDER}/42_mine.cf; echo '# ours' >>${FOLDER}/40_local.cf; rm ${FOLDER}/42_mine.cf`)).toBe(
      'biff = yes\nexit 0',
    );
    expect(await host.asUser(`printf '%s\\n' ${quoted(seed)} >${FOLDER}/40_local.cf`)).toBe('exit 0');
  });

  test('a trial is seen by nobody, and runs no programs but those of Debian', async () => {
    await host.plant('/home/webapp/d/smtpd', 'webapp');
    const harm = await host.harmOf('webapp', async () => {
      // As if the judge had erred: a fragment of root's, which is not judged.
      await host.inside(`echo 'daemon_directory = /home/webapp/d' >${FOLDER}/60_root.cf; chmod 644 ${FOLDER}/60_root.cf`);
      const seen = await host.inside(`/usr/lib/mailserver/postfix-gate check >/tmp/said 2>&1 & gate=$!
        trials=0
        while kill -0 $gate 2>/dev/null; do
          if ls -d /var/lib/mailserver/postfix/work/*/trial >/dev/null 2>&1; then trials=$((trials + 1)); fi
          runuser -u webapp -- find /var/lib/mailserver/postfix/work /var/tmp -mindepth 1 -path '*gate*' -o -path '*work/*' 2>/dev/null || true
        done
        [ $trials -gt 0 ]; wait $gate || cat /tmp/said; rm ${FOLDER}/60_root.cf /tmp/said`);
      expect(seen).toBe('');
    });
    expect(harm).toEqual(NO_HARM);
  });

  test('root asks no more tables of a fragment than there is time for, and few at once', async () => {
    const tables = (count: number) =>
      Array.from({ length: count }, (_, n) => `check_client_access inline:{{a${n}.test=OK}}`).join(', ');
    const counted = host.inside(`most=0; for i in $(seq 100); do now=$(pgrep -xc postmap || true)
      if [ "$now" -gt $most ]; then most=$now; fi; sleep 0.1; done; echo $most`);
    expect(await reloadWith({ '41_many.cf': `smtpd_client_restrictions = ${tables(900)}\n` })).toMatch(
      /41_many\.cf:1: smtpd_client_restrictions: with it, the parameters name 90\d tables, the limit is 500: .*\nexit 1$/,
    );
    expect(await reloadWith({ '41_some.cf': `smtpd_client_restrictions = ${tables(60)}\n` })).toMatch(/\nexit 0$/);
    expect(Number(await counted)).toBeLessThanOrEqual(16);
    await host.reload();
  });

  test('a refusal quotes nothing of a file that is not its author’s', async () => {
    await host.inside('echo "canary of a file of a package" >/usr/share/list-of-a-package');
    try {
      const said = await reloadWith({
        '41_a.cf': `${READS_SHADOW} cidr:/usr/share/list-of-a-package\nsmtpd_sender_restrictions = check_sender_access cdb:/usr/share/none\n`,
      });
      expect(said).toMatch(/\nexit 1$/);
      expect(said).toMatch(/\/usr\/share\/none/);
      expect(said).not.toMatch(/canary/);
    } finally {
      await host.inside('rm /usr/share/list-of-a-package');
    }
  });
}
