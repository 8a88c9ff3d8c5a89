import { message } from '../support/smtp-session';
import deliverProgram from './deliver.py';
import type { MailHost } from './mail-host';

/** The same program in the languages that service users write; each prints what it was given into the inbox. */
const SCRIPTS: readonly [language: string, text: string][] = [
  ['bash', '#!/bin/bash\nset -eu\n{ echo "bash $HOME $PWD $*"; cat; } >"$HOME/inbox/bash"\n'],
  [
    'Perl',
    '#!/usr/bin/perl\nuse strict;\nuse Cwd;\nopen(my $out, ">", "$ENV{HOME}/inbox/Perl") or die;\nprint $out "Perl $ENV{HOME} ", getcwd(), " @ARGV\\n", <STDIN>;\n',
  ],
  [
    'Python',
    '#!/usr/bin/python3\nimport os, sys\nhome = os.environ["HOME"]\nopen(f"{home}/inbox/Python", "w").write(f"Python {home} {os.getcwd()} {\' \'.join(sys.argv[1:])}\\n{sys.stdin.read()}")\n',
  ],
  [
    'Node',
    '#!/usr/bin/node\nconst fs = require("node:fs");\nlet sum = 0;\nfor (let n = 0; n < 3e6; n++) sum += n % 7;\nconst text = `Node ${process.env.HOME} ${process.cwd()} ${process.argv.slice(2).join(" ")}\\n${fs.readFileSync(0)}`;\nfs.writeFileSync(`${process.env.HOME}/inbox/Node`, text);\n',
  ],
];

const mail = (to: string | string[], subject = 'piped') => ({ to, data: message(subject) });

/** The pipe transports of the service users (R20 to R25). */
export function delivery(host: MailHost): void {
  afterEach(() => host.installDeliver(deliverProgram));

  test.each(SCRIPTS)('R24: a script in %s runs, with home, folder, arguments and text', async (language, script) => {
    if (language === 'Node') {
      await host.inside(
        'command -v node >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends nodejs >/dev/null 2>&1',
      );
    }
    await host.installDeliver(script);
    expect(await host.send(25, mail(`${language}@example.test`))).toMatchObject({ code: 250 });
    await host.eventually(`[ -s /home/webapp/inbox/${language} ]`);
    const text = await host.inside(`cat /home/webapp/inbox/${language}`);
    expect(text).toMatch(
      new RegExp(`^${language} /home/webapp /home/webapp -f alice@sender\\.test example\\.test ${language}@example\\.test\\n`),
    );
    expect(text).toContain('\nSubject: piped\n');
  });

  test.each([
    ['"a b"@sender.test', '"a b"@example.test'],
    ['"a\'; touch pwned; \'"@sender.test', '"$(touch${IFS}pwned)"@example.test'],
    ['`touch.pwned`@sender.test', '|touch.pwned@example.test'],
    ['${sender}@sender.test', '$nexthop@example.test'],
    ['alice@sender.test', '"../../etc/passwd"@example.test'],
    ['größe@sender.test', 'jürgen@example.test'],
    ['', 'bounce@example.test'],
  ])('R24: the sender %s and the recipient %s are arguments and nothing else', async (from, to) => {
    const parameters = /[^ -~]/.test(from + to) ? 'SMTPUTF8' : '';
    expect(await host.send(25, { ...mail(to), from, parameters })).toMatchObject({ code: 250 });
    expect(await host.delivery(to)).toMatchObject({
      arguments: ['-f', from || 'MAILER-DAEMON', 'example.test', to],
      folder: '/home/webapp',
    });
    expect(await host.inside('find /home /tmp /var/spool /root -name "pwned*"')).toBe('');
  });

  test.each([
    ['-x@sender.test', 'app@example.test'],
    ['--help@sender.test', 'app@example.test'],
    ['alice@sender.test', '-x@example.test'],
    ['alice@sender.test', '"-x -y"@example.test'],
  ])('R24: the sender %s and the recipient %s would be options and are refused', async (from, to) => {
    expect((await host.send(25, { ...mail(to), from })).code).toBeGreaterThanOrEqual(500);
  });

  test.each([
    ['exits with 75', 'echo "come again"; exit 75', 'come again'],
    ['is killed', 'kill -9 $$', 'could not be run or was killed'],
    ['cannot be executed', '', 'is not there or cannot be executed'],
    ['names no interpreter that exists', '#!/usr/bin/no-such-thing', 'could not be run or was killed'],
  ])('R21: mail waits while the script %s', async (_name, script, reason) => {
    await host.installDeliver(script.startsWith('#!') ? `${script}\n` : `#!/bin/sh\n${script}\n`);
    if (script === '') await host.inside('chmod -x /home/webapp/bin/deliver');
    const to = `waits-${Buffer.from(reason).toString('hex').slice(0, 8)}${script.length}@example.test`;
    expect(await host.send(25, mail(to))).toMatchObject({ code: 250 });
    await host.eventually(`postqueue -j | grep -F '${to}' | grep -qF '${reason}'`);
    await host.installDeliver(deliverProgram);
    await host.inside('postqueue -f');
    await host.delivery(to);
  });

  test.each([1, 2, 64, 70, 77, 78])('R21: with exit code %i mail goes back, with what the script said', async (code) => {
    await host.installDeliver(`#!/bin/sh\necho "no room for $4, code ${code}"\nexit ${code}\n`);
    const from = `author-${code}@receiver.test`;
    expect(await host.send(25, { ...mail('app@example.test'), from })).toMatchObject({ code: 250 });
    const { said, text } = await host.sink.mailFor(from);
    expect(said[1]).toMatch(/^MAIL FROM:<>/);
    expect(text).toContain(`no room for app@example.test, code ${code}`);
  });
}
