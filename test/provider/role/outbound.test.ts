import type { HostConnection } from '../../../lib/host/host-connection';
import { blockedPort } from '../../../lib/provider/role/outbound';

const attempt = (more: object) => ({ target: 'mx.example.net', seconds: 0.1, ...more });
const silent = attempt({ problem: 'no answer within 6 s' });
const unresolved = attempt({ unresolved: 'Name or service not known' });
const signal = new AbortController().signal;

/** A host whose program says this. */
function hostThatSays(answer: object | Error) {
  const scripts: string[] = [];
  const connection: HostConnection = {
    hostKey: 'SHA256:one',
    address: '198.51.100.25:22',
    exec: async (script) => {
      scripts.push(script);
      if (answer instanceof Error) throw answer;
      return { code: 0, stdout: Buffer.from(JSON.stringify(answer)), stderr: '' };
    },
    close: async () => undefined,
  };
  const look = (targets?: string[]) =>
    blockedPort(connection, { targets, heloName: 'mail.example.com', addresses: ['198.51.100.25'], signal });
  return { look, scripts };
}

test('a blocked port is reported with what to ask AWS for', async () => {
  const { look, scripts } = hostThatSays({ vendor: 'Amazon EC2', attempts: [silent, unresolved] });
  const finding = await look(['mx.example.net', "it's"]);
  expect(finding?.problem).toContain('outgoing port 25 is blocked');
  expect(finding?.fix?.text).toMatch(
    /^AWS blocks outgoing port 25 of every instance until the account has asked for it\. Send the form .*Elastic IP 198\.51\.100\.25; the field for the reverse DNS record left empty/,
  );
  expect(scripts).toEqual([`exec python3 - 'mx.example.net' 'it'\\''s'`]);
});

test('the biggest receivers are tried when nobody is named', async () => {
  const { look, scripts } = hostThatSays({ vendor: '', attempts: [silent] });
  await look();
  expect(scripts[0]).toMatch(/^exec python3 - 'gmail-smtp-in\.l\.google\.com' '/);
});

test.each<[string, object | Error]>([
  ['one of them answers', { vendor: '', attempts: [silent, attempt({ banner: '220 mx' })] }],
  ['no name is resolved', { vendor: '', attempts: [unresolved, unresolved] }],
  ['the host takes too long', new Error('timeout')],
  ['the host says something else', { error: 'python3: not found' }],
])('nothing is reportedwhen %s', async (_, answer) => {
  expect(await hostThatSays(answer).look()).toBeUndefined();
});

test('nothing is tried when nobody is to be', async () => {
  const { look, scripts } = hostThatSays({ vendor: '', attempts: [silent] });
  expect(await look([])).toBeUndefined();
  expect(scripts).toEqual([]);
});
