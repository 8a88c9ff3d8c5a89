import { HostError } from '../../../lib/host/host-error';
import { type TerraformObject, UNKNOWN } from '../../../lib/provider/framework/values';
import { base, summaries, terraform } from '../support/role-terraform';

jest.spyOn(process.stderr, 'write').mockReturnValue(true);

describe('importing', () => {
  it('ends in a state that the next plan compares with the configuration', async () => {
    const run = terraform();
    run.host.files = { '/etc/name': 'OLD\n', '/etc/workers': '10\n', '/etc/size': 'default\n' };
    run.import('198.51.100.25#i-1');
    await run.refresh();
    expect(run.state()).toMatchObject({ helo_name: null, host_key: 'SHA256:one', files: { '/etc/name': 'OLD\n' } });
    expect((await run.plan(base)).planned.files).toMatchObject({ '/etc/name': 'MAIL.EXAMPLE.COM\n', '/etc/workers': '10\n' });
    await run.apply(base);
    expect(run.state()).toMatchObject({ helo_name: 'mail.example.com' });
  });
});

describe('importing a host in the role', () => {
  it('looks at it under the name that it has, so that nothing seems to be made for another one', async () => {
    const run = terraform();
    run.host.files = { '/etc/name': 'MX.EXAMPLE.COM\n', '/etc/workers': '10\n', '/etc/size': 'default\n' };
    const names: string[] = [];
    const { renderRole } = run.parts.role;
    const spy = jest.spyOn(run.parts.role, 'renderRole').mockImplementation((settings, capacity) => {
      names.push(settings.heloName);
      return renderRole(settings, capacity);
    });
    run.import('198.51.100.25');
    await run.refresh();
    spy.mockRestore();
    expect(names.at(-1)).toBe('mx.example.com');
    expect(run.host.connects.length).toBe(1);
  });
});

describe('importing a host that cannot be looked at', () => {
  it('is an error that tells how the way to the host is given, for nothing would be in the state', async () => {
    const run = terraform();
    run.host.refusal = new HostError('authentication', 'permission denied for admin@198.51.100.25');
    run.import('198.51.100.25');
    const { diagnostics } = await run.refresh();
    expect(summaries({ diagnostics })).toEqual(['error: the mail host refuses the login']);
    expect(diagnostics[0]?.detail).toContain('Nothing was imported.');
    expect(diagnostics[0]?.detail).toContain('[USER@]HOST[:PORT][?private_key_path=PATH][&bastion=');
  });

  it('stays a warning once it has been', async () => {
    const run = terraform();
    run.import('198.51.100.25');
    await run.refresh();
    run.host.refusal = new HostError('unreachable', 'no answer');
    expect(summaries(await run.refresh())).toEqual(['warning: the mail host cannot be reached']);
  });
});

describe('importing a host whose instance the address does not tell', () => {
  async function imported() {
    const run = terraform();
    run.host.files = { '/etc/name': 'OLD\n', '/etc/workers': '10\n', '/etc/size': 'default\n', '/etc/relay': '# yours\n' };
    run.import('198.51.100.25');
    await run.refresh();
    run.host.connects = [];
    return run;
  }

  it('names it at the first plan, and takes it for the machine that was looked at', async () => {
    const run = await imported();
    const { planned, diagnostics } = await run.plan(base);
    expect(diagnostics).toEqual([]);
    expect(planned).toMatchObject({ host_key: 'SHA256:one', cores: 2, memory_mib: 4096, files: { '/etc/workers': '10\n' } });
    await run.apply(base);
    expect(run.host.connects[0]?.expectedHostKey).toBe('SHA256:one');
    expect(run.state()).toMatchObject({ instance_id: 'i-1' });
    expect((await run.plan({ ...base, instance_id: 'i-2' })).planned).toMatchObject({ host_key: UNKNOWN });
  });

  it('still wants the host key that the import saw', async () => {
    const run = await imported();
    run.host.hostKey = 'SHA256:two';
    await run.refresh();
    expect(summaries(await run.plan(base))).toEqual(['error: the mail host is not the one it was']);
  });
});

describe('the jump host', () => {
  const jump = (bastion: TerraformObject) => ({ ...base, ssh: { host: '198.51.100.25', bastion } });
  const settings = jump({ host: 'jump.example.com' });

  async function created() {
    const run = terraform();
    run.host.jumpHostKey = 'SHA256:jump';
    await run.apply(settings);
    run.host.connects = [];
    return run;
  }

  it('is pinned at first contact, for refresh, apply and the connection that confirms', async () => {
    const run = await created();
    await run.refresh();
    await run.apply({ ...settings, message_size_limit: 1000000 });
    expect(run.host.connects.map(({ expectedJumpHostKey }) => expectedJumpHostKey)).toEqual([
      'SHA256:jump',
      'SHA256:jump',
      'SHA256:jump',
    ]);
  });

  it('with another key stops the plan, until its new key is pinned', async () => {
    const run = await created();
    run.host.jumpHostKey = 'SHA256:other';
    expect(summaries(await run.refresh())).toEqual(['warning: the jump host is not the one it was']);
    const { diagnostics } = await run.plan(settings);
    expect(diagnostics).toEqual([
      expect.objectContaining({
        severity: 'error',
        detail: expect.stringContaining('expected SHA256:jump, got SHA256:other'),
        attribute: ['ssh', 'bastion', 'host'].map((attribute_name) => ({ attribute_name })),
      }),
    ]);
    const pinned = jump({ host: 'jump.example.com', host_key: 'SHA256:other' });
    expect(summaries(await run.apply(pinned))).toEqual([]);
    expect(summaries(await run.refresh())).toEqual([]);
  });

  it('at another address is another one', async () => {
    const run = await created();
    run.host.jumpHostKey = 'SHA256:other';
    expect(summaries(await run.apply(jump({ host: 'other.example.com' })))).toEqual([]);
    run.host.connects = [];
    await run.refresh();
    expect(run.host.connects[0]?.expectedJumpHostKey).toBe('SHA256:other');
  });
});
