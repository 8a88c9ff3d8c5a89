import { UNKNOWN } from '../../../lib/provider/framework/values';
import { base, summaries, terraform } from '../support/role-terraform';

jest.spyOn(process.stderr, 'write').mockReturnValue(true);

const secret = 'a password of alice';
const withUser = { ...base, submission_users: { alice: { password: secret, password_version: 1 } } };
const warning = 'warning: the passwords of submissionUsers are not on the mail host yet';
const sent = (run: ReturnType<typeof terraform>) => run.host.received.filter((content) => content.includes(secret)).length;

describe('a host whose key is seen for the first time', () => {
  it('gets no secrets, and says how to compare the key', async () => {
    const run = terraform();
    const { planned } = await run.plan(withUser);
    expect(planned.derived).toEqual({});
    const applied = await run.apply(withUser);
    expect(summaries(applied)).toEqual([warning]);
    expect(applied.diagnostics[0]?.detail).toMatch(
      /SHA256:one\. Compare it with .*get-console-output --instance-id i-1 .*Then apply again/,
    );
    expect(sent(run)).toBe(0);
    expect(run.host.applies).toBe(1);
  });

  it('gets them with the next apply, which expects that key', async () => {
    const run = terraform();
    await run.apply(withUser);
    run.host.connects = [];
    await run.refresh();
    expect((await run.plan(withUser)).planned.derived).toEqual({ logins: 'current' });
    expect(summaries(await run.apply(withUser))).toEqual([]);
    expect(run.host.connects.map(({ expectedHostKey }) => expectedHostKey)).not.toContain(undefined);
    expect(sent(run)).toBe(1);
  });

  it('gets none either when another machine takes its place', async () => {
    const run = terraform();
    const first = { ...withUser, instance_id: 'i-one' };
    await run.apply(first);
    await run.apply(first);
    expect(sent(run)).toBe(1);
    run.host.hostKey = 'SHA256:two';
    const applied = await run.apply({ ...withUser, instance_id: 'i-two' });
    expect(summaries(applied)).toEqual([warning]);
    expect(applied.diagnostics[0]?.detail).toContain('aws ec2 get-console-output --instance-id i-two');
    expect(sent(run)).toBe(1);
  });

  it.each([
    ['whose key is pinned', { host_key: 'SHA256:one' }],
    ['that is trusted by the stack', { trust_first_contact: true }],
  ])('gets them at once where it is one %s', async (_what, ssh) => {
    const run = terraform();
    expect(summaries(await run.apply({ ...withUser, ssh: { host: '198.51.100.25', ...ssh } }))).toEqual([]);
    expect(sent(run)).toBe(1);
  });

  it('has nothing to hold back without secrets', async () => {
    const run = terraform();
    expect(summaries(await run.apply(base))).toEqual([]);
  });

  it('says how to compare the key where there is no cloud to ask', async () => {
    const run = terraform();
    const { diagnostics } = await run.apply({ ...withUser, instance_id: null });
    expect(diagnostics[0]?.detail).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
  });

  it('gets none, and stays as it is, when a key that the plan expected to be pinned is not', async () => {
    const run = terraform();
    const unknown = { ...withUser, ssh: { host: '198.51.100.25', host_key: UNKNOWN } };
    expect((await run.plan(unknown)).planned.derived).toEqual({ logins: 'current' });
    const applied = await run.apply(unknown, { ssh: { host: '198.51.100.25' } });
    expect(summaries(applied)).toEqual(['error: the mail host changed since the plan was made']);
    expect([sent(run), run.host.applies]).toEqual([0, 0]);
  });
});
