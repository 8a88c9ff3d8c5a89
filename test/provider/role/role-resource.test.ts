import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostError, type HostErrorKind } from '../../../lib/host/host-error';
import { conformObject } from '../../../lib/provider/framework/codec';
import type { PrivateState, StateResult } from '../../../lib/provider/framework/resource';
import { type TerraformObject, UNKNOWN } from '../../../lib/provider/framework/values';
import { attributes } from '../../../lib/provider/role/attributes';
import { roleResource } from '../../../lib/provider/role/role-resource';
import type { Finding } from '../../../lib/verify';
import { FakeHost, partsWith } from '../support/fake-host';

jest.spyOn(process.stderr, 'write').mockReturnValue(true);

const context = { signal: new AbortController().signal };
const base = { helo_name: 'mail.example.com', ssh: { host: '198.51.100.25' }, instance_id: 'i-1' };
const conform = (value: TerraformObject) => conformObject(value, attributes);

/** Goes through the calls that Terraform makes. */
function terraform(host = new FakeHost()) {
  const parts = partsWith(host);
  const resource = roleResource(async () => parts);
  let state: TerraformObject | null = null;
  let privateState: PrivateState = {};
  const keep = (result: StateResult) => {
    state = result.state && conform(result.state);
    privateState = result.privateState ?? privateState;
    return result;
  };
  const plan = (settings: TerraformObject) => {
    const config = conform(settings);
    const computed = Object.fromEntries(
      attributes.filter(({ mode }) => mode === 'computed').map(({ name }) => [name, state?.[name] ?? null]),
    );
    return resource.plan({ prior: state, proposed: { ...config, ...computed }, config, privateState }, context);
  };
  return {
    host,
    parts,
    resource,
    state: () => state as TerraformObject,
    plan,
    refresh: async () => keep(await resource.read({ state: state as TerraformObject, privateState }, context)),
    apply: async (settings: TerraformObject, late: TerraformObject = {}) => {
      const { planned, diagnostics, privateState: notes } = await plan(settings);
      if (diagnostics.some(({ severity }) => severity === 'error')) throw new Error(diagnostics[0]?.summary);
      const config = conform({ ...settings, ...late });
      return keep(await resource.apply({ prior: state, planned: conform(planned), config, privateState: notes ?? {} }, context));
    },
    destroy: async () => keep(await resource.remove({ prior: state as TerraformObject, privateState }, context)),
    import: (id: string) => keep(resource.import(id)),
  };
}

const summaries = ({ diagnostics }: { diagnostics: readonly { severity: string; summary: string }[] }) =>
  diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`);

describe('creating', () => {
  it('plans the files, leaves the facts of the machine open, and writes what it planned', async () => {
    const run = terraform();
    const { planned } = await run.plan(base);
    expect(planned).toMatchObject({ id: '198.51.100.25:22', host_key: UNKNOWN, cores: UNKNOWN, memory_mib: UNKNOWN });
    expect(planned.files).toEqual({ '/etc/name': 'MAIL.EXAMPLE.COM\n', '/etc/size': 'default\n', '/etc/workers': UNKNOWN });

    expect(summaries(await run.apply(base))).toEqual([]);
    expect(run.state()).toMatchObject({ host_key: 'SHA256:one', cores: 2, memory_mib: 4096, helo_name: 'mail.example.com' });
    expect(run.state().files).toMatchObject({ '/etc/workers': '10\n' });
    expect(run.host.open).toBe(0);
  });

  it('does not look at a host whose address is not known yet', async () => {
    const run = terraform();
    await run.plan({ ...base, ssh: { host: UNKNOWN } });
    expect(run.host.connects).toEqual([]);
  });

  it.each<[string, HostErrorKind]>([
    ['does not answer yet', 'unreachable'],
    ['has no login yet', 'authentication'],
  ])('goes on with a warning when the host %s', async (_what, kind) => {
    const run = terraform();
    run.host.refusal = new HostError(kind, 'not yet');
    const { diagnostics } = await run.plan(base);
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'warning', detail: expect.stringContaining('keep trying') }),
    ]);
    expect(run.host.connects[0]?.timeoutSeconds).toBe(5);
  });

  it.each<[string, HostErrorKind]>([
    ['runs another system', 'unsupportedOs'],
    ['is not the pinned one', 'hostKey'],
  ])('is an error of the plan already when the host %s', async (_what, kind) => {
    const run = terraform();
    run.host.refusal = new HostError(kind, 'wrong');
    const { diagnostics } = await run.plan(base);
    expect(diagnostics).toEqual([expect.objectContaining({ severity: 'error', detail: 'wrong' })]);
  });

  it('is an error of the plan already when the machine is too small', async () => {
    const run = terraform();
    run.host.memoryMiB = 900;
    const { diagnostics } = await run.plan({ ...base, antivirus: true });
    expect(diagnostics[0]?.detail).toContain('this host has 900 MiB');
  });

  it('leaves no state behind when it fails, so that nothing is tainted and the next apply goes on', async () => {
    const run = terraform();
    run.host.failure = new HostError('rolledBack', 'Postfix did not come up; the old state is back');
    const failed = await run.apply(base);
    expect(summaries(failed)).toEqual(['error: the change failed and the mail host put its old state back']);
    expect(failed.state).toBeNull();
    run.host.failure = undefined;
    expect(summaries(await run.apply(base))).toEqual([]);
  });

  it('refuses settings that turn out wrong once they are known', async () => {
    const run = terraform();
    const { state, diagnostics } = await run.apply({ ...base, helo_name: UNKNOWN }, { helo_name: 'no dot at all' });
    expect(state).toBeNull();
    expect(diagnostics[0]).toMatchObject({ severity: 'error', attribute: [{ attribute_name: 'helo_name' }] });
    expect(run.host.connects).toEqual([]);
  });
});

describe('refreshing and planning again', () => {
  async function created() {
    const run = terraform();
    await run.apply(base);
    run.host.connects = [];
    return run;
  }

  it('finds nothing to change when nothing changed', async () => {
    const run = await created();
    await run.refresh();
    expect(conform((await run.plan(base)).planned)).toEqual(run.state());
  });

  it('shows what changed on the host, and plans it back', async () => {
    const run = await created();
    run.host.files['/etc/name'] = 'TAMPERED\n';
    await run.refresh();
    expect(run.state().files).toMatchObject({ '/etc/name': 'TAMPERED\n' });
    expect((await run.plan(base)).planned.files).toMatchObject({ '/etc/name': 'MAIL.EXAMPLE.COM\n' });
    await run.apply(base);
    expect(run.host.files['/etc/name']).toBe('MAIL.EXAMPLE.COM\n');
  });

  it('expects the host key of the first contact at refresh, at apply and for its confirmation', async () => {
    const run = await created();
    await run.refresh();
    await run.apply({ ...base, message_size_limit: 1000000 });
    expect(run.host.connects.map(({ expectedHostKey }) => expectedHostKey)).toEqual(Array(3).fill('SHA256:one'));
  });

  it('trusts a new host key with a new instance id only', async () => {
    const run = await created();
    run.host.hostKey = 'SHA256:two';
    expect(summaries(await run.refresh())).toEqual(['warning: the mail host is not the one it was']);
    const same = await run.plan(base);
    expect(summaries(same)).toEqual(['error: the mail host is not the one it was']);
    expect(same.diagnostics[0]?.detail).toMatch(/expected SHA256:one, got SHA256:two.*new instance_id/s);

    const replaced = { ...base, instance_id: 'i-2' };
    expect((await run.plan(replaced)).planned).toMatchObject({ host_key: UNKNOWN, cores: UNKNOWN });
    await run.apply(replaced);
    expect(run.state()).toMatchObject({ host_key: 'SHA256:two', instance_id: 'i-2' });
  });

  it('keeps the state with a warning when the host is gone, so that plan and destroy go on', async () => {
    const run = await created();
    const before = run.state();
    run.host.refusal = new HostError('unreachable', 'no answer from 198.51.100.25:22');
    const { diagnostics } = await run.refresh();
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'warning', attribute: [{ attribute_name: 'ssh' }, { attribute_name: 'host' }] }),
    ]);
    expect(run.host.connects[0]?.timeoutSeconds).toBe(10);
    expect(run.state()).toEqual(before);
    expect(summaries(await run.plan(base))).toEqual([]);
    expect((await run.destroy()).state).toBeNull();
  });

  it('fails the apply when the host is gone, and keeps the state', async () => {
    const run = await created();
    const before = run.state();
    run.host.refusal = new HostError('unreachable', 'no answer');
    expect(summaries(await run.apply({ ...base, message_size_limit: 1000000 }))).toEqual([
      'error: the mail host cannot be reached',
    ]);
    expect(run.state()).toEqual(before);
  });

  it('changes nothing when the machine is not the one of the plan any more', async () => {
    const run = await created();
    run.host.cores = 8;
    const failed = await run.apply({ ...base, message_size_limit: 1000000 });
    expect(summaries(failed)).toEqual(['error: the mail host changed since the plan was made']);
    expect(failed.diagnostics[0]?.detail).toContain('files["/etc/workers"]');
    expect(run.host.applies).toBe(1);
  });

  it('plans for the machine that was refreshed', async () => {
    const run = await created();
    run.host.cores = 4;
    await run.refresh();
    expect((await run.plan(base)).planned.files).toMatchObject({ '/etc/workers': '20\n' });
  });
});

describe('a file of the service users', () => {
  const theirs = '# yours\nold.test\n';
  const stacks = { ...base, relay_domains: ['new.test'] };

  /** Created, edited by the service users, and refreshed. */
  async function edited() {
    const run = terraform();
    await run.apply(base);
    run.host.files['/etc/relay'] = theirs;
    await run.refresh();
    return run;
  }

  it('is in the state as it is, and never planned to be another', async () => {
    const run = await edited();
    expect(run.state().files).toMatchObject({ '/etc/relay': theirs });
    expect(conform((await run.plan(base)).planned)).toEqual(run.state());
    const { planned } = await run.plan({ ...base, message_size_limit: 1000000 });
    expect(planned.files).toMatchObject({ '/etc/relay': theirs, '/etc/size': '1000000\n' });
  });

  it('may be edited between plan and apply, which the next refresh tells', async () => {
    const run = await edited();
    run.host.meddle = (files) => {
      files['/etc/relay'] = 'edited\n';
    };
    expect(summaries(await run.apply({ ...base, message_size_limit: 1000000 }))).toEqual([]);
    expect(run.state().files).toMatchObject({ '/etc/relay': theirs });
    await run.refresh();
    expect(run.state().files).toMatchObject({ '/etc/relay': 'edited\n' });
  });

  it('that the stack takes over is planned from its text on the host', async () => {
    const run = await edited();
    const { planned } = await run.plan(stacks);
    expect([(run.state().files as TerraformObject)['/etc/relay'], (planned.files as TerraformObject)['/etc/relay']]).toEqual([
      theirs,
      'new.test\n',
    ]);
    expect(planned.created_once).toEqual({});
    expect(summaries(await run.apply(stacks))).toEqual([]);
    expect(run.host.files['/etc/relay']).toBe('new.test\n');
  });

  it('that the stack gives back is planned to stay as it is', async () => {
    const run = await edited();
    await run.apply(stacks);
    await run.refresh();
    expect((await run.plan(base)).planned).toMatchObject({
      files: { '/etc/relay': 'new.test\n' },
      created_once: { '/etc/relay': 'root:service 0664' },
    });
    expect(summaries(await run.apply(base))).toEqual([]);
    expect(run.host.files['/etc/relay']).toBe('new.test\n');
  });
});

describe('a machine that is resized in the same apply', () => {
  const sized = (machine_type: TerraformObject[string]) => ({ ...base, machine_type });

  it('stays the same machine, and leaves open what follows from its capacity', async () => {
    const run = terraform();
    await run.apply(sized('t3.medium'));
    await run.refresh();
    const { planned } = await run.plan(sized('t3.xlarge'));
    expect(planned).toMatchObject({ host_key: 'SHA256:one', cores: UNKNOWN, memory_mib: UNKNOWN });
    expect(planned.files).toMatchObject({ '/etc/name': 'MAIL.EXAMPLE.COM\n', '/etc/workers': UNKNOWN });
    run.host.onConnect = () => {
      run.host.cores = 8;
    };
    expect(summaries(await run.apply(sized('t3.xlarge')))).toEqual([]);
    expect(run.state()).toMatchObject({ cores: 8, machine_type: 't3.xlarge', files: { '/etc/workers': '40\n' } });
    expect(run.host.connects).toContainEqual(expect.objectContaining({ expectedHostKey: 'SHA256:one', mayBoot: true }));
  });

  it('may be resized to what is known after apply only', async () => {
    const run = terraform();
    await run.apply(sized('t3.medium'));
    expect((await run.plan(sized(UNKNOWN))).planned).toMatchObject({ host_key: 'SHA256:one', cores: UNKNOWN });
  });

  it('is not taken for resized when its size is named for the first time, or no more', async () => {
    const run = terraform();
    await run.apply(base);
    expect((await run.plan(sized('t3.medium'))).planned).toMatchObject({ cores: 2, files: { '/etc/workers': '10\n' } });
    await run.apply(sized('t3.medium'));
    expect((await run.plan(base)).planned).toMatchObject({ cores: 2 });
  });
});

describe('the end of an apply', () => {
  it('is an error when something else keeps changing the host', async () => {
    const run = terraform();
    await run.apply(base);
    jest.useFakeTimers();
    try {
      run.host.meddle = (files) => {
        files['/etc/size'] = 'other\n';
      };
      const applying = run.apply({ ...base, message_size_limit: 1000000 });
      await jest.advanceTimersByTimeAsync(20_000);
      const result = await applying;
      expect(summaries(result)).toEqual(['error: the mail host is not as planned after the apply']);
      expect(result.diagnostics[0]?.detail).toContain('files["/etc/size"]');
      expect(run.state().files).toMatchObject({ '/etc/size': 'other\n' });
    } finally {
      jest.useRealTimers();
    }
  });

  it('waits for another apply that is at work on the host', async () => {
    const run = terraform();
    run.host.failure = new HostError('busy', 'another apply is at work');
    jest.useFakeTimers();
    try {
      const applying = run.apply(base);
      await jest.advanceTimersByTimeAsync(5000);
      run.host.failure = undefined;
      await jest.advanceTimersByTimeAsync(5000);
      expect(summaries(await applying)).toEqual([]);
      run.host.failure = new HostError('busy', 'another apply is at work');
      const waiting = run.apply({ ...base, message_size_limit: 1000000 });
      await jest.advanceTimersByTimeAsync(310_000);
      expect(summaries(await waiting)).toEqual(['error: another apply is at work on the mail host']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('leaves progress in the file that MAILSERVER_PROGRESS names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailserver-progress-'));
    const file = join(folder, 'progress');
    appendFileSync(file, 'before\n');
    process.env.MAILSERVER_PROGRESS = file;
    try {
      await terraform().apply(base);
      expect(readFileSync(file, 'utf8')).toBe('before\n198.51.100.25:22 files written\n');
    } finally {
      delete process.env.MAILSERVER_PROGRESS;
      rmSync(folder, { recursive: true });
    }
  });
});

describe('outgoing port 25', () => {
  const blocked: Finding = {
    check: 'outbound',
    group: 'outbound',
    subject: 'h:22',
    title: 'Outgoing port 25',
    state: 'critical',
    found: 'mx.example.net: no answer within 6 s',
    problem: 'outgoing port 25 is blocked: mail to others waits in the queue',
    fix: { text: 'send the form "Request to remove email sending limitations"' },
  };

  it('is tried at the end of an apply, and its block is a warning that says what to ask for', async () => {
    const run = terraform();
    run.host.blocked = blocked;
    const { state, diagnostics } = await run.apply({
      ...base,
      outbound_targets: ['mx.example.net'],
      proxy_addresses: ['198.51.100.9'],
    });
    expect(state).not.toBeNull();
    expect(diagnostics).toEqual([
      {
        severity: 'warning',
        summary: 'outgoing port 25 is blocked',
        detail: expect.stringMatching(
          /waits in the queue \(mx\.example\.net: no answer within 6 s\)\. The way out: send the form/,
        ),
      },
    ]);
    expect(run.host.attempts).toMatchObject([
      { targets: ['mx.example.net'], heloName: 'mail.example.com', addresses: ['198.51.100.9', '198.51.100.25'] },
    ]);
  });

  it('is not tried by refresh and plan, nor after an apply that failed', async () => {
    const run = terraform();
    await run.apply(base);
    await run.refresh();
    await run.plan(base);
    expect(run.host.attempts).toHaveLength(1);
    run.host.failure = new HostError('refused', 'no');
    await run.apply({ ...base, message_size_limit: 1000000 });
    expect(run.host.attempts).toHaveLength(1);
  });
});

describe('destroying', () => {
  it('leaves the host as it is and says so', async () => {
    const run = terraform();
    await run.apply(base);
    const result = await run.destroy();
    expect(summaries(result)).toEqual(['warning: the mail role is no longer managed, the host was left as it is']);
    expect(run.host.removals).toBe(0);
  });

  it('removes the role when asked', async () => {
    const run = terraform();
    await run.apply({ ...base, on_destroy: 'remove' });
    expect(summaries(await run.destroy())).toEqual([]);
    expect(run.host.removals).toBe(1);
  });

  it('stops the services of a machine that goes, and nothing else', async () => {
    const run = terraform();
    await run.apply({ ...base, on_destroy: 'stop' });
    expect(summaries(await run.destroy())).toEqual([]);
    expect([run.host.stops, run.host.removals]).toEqual([1, 0]);
  });

  it.each<HostErrorKind>(['unreachable', 'hostKey', 'failed'])(
    'lets a machine go that cannot be stopped (%s), and warns',
    async (kind) => {
      const run = terraform();
      await run.apply({ ...base, on_destroy: 'stop' });
      if (kind === 'failed') run.host.failure = new HostError(kind, 'a service could not be stopped');
      else run.host.refusal = new HostError(kind, 'no answer');
      const { state, diagnostics } = await run.destroy();
      expect(state).toBeNull();
      expect(diagnostics).toEqual([
        expect.objectContaining({ severity: 'warning', detail: expect.stringContaining('Its services were not stopped') }),
      ]);
      expect(run.host.connects.at(-1)?.timeoutSeconds).toBe(15);
    },
  );

  it('waits its turn when another apply is at work on a machine that goes', async () => {
    const run = terraform();
    await run.apply({ ...base, on_destroy: 'stop' });
    run.host.failure = new HostError('busy', 'an apply is at work on the host');
    const { state, diagnostics } = await run.destroy();
    expect(state).not.toBeNull();
    expect(diagnostics[0]?.severity).toBe('error');
  });

  it('keeps the resource when removing fails, and says how to let go of a machine that is gone', async () => {
    const run = terraform();
    await run.apply({ ...base, on_destroy: 'remove' });
    run.host.refusal = new HostError('unreachable', 'no answer');
    const { state, diagnostics } = await run.destroy();
    expect(state).not.toBeNull();
    expect(diagnostics[0]?.detail).toContain('terraform state rm');
  });
});

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

describe('validating', () => {
  const { validate } = roleResource(async () => partsWith(new FakeHost()));

  it('accepts what is known after apply', () => {
    expect(validate(conform({ helo_name: UNKNOWN, ssh: { host: UNKNOWN }, proxy_addresses: [UNKNOWN] }))).toEqual([]);
  });

  it('points at a wrong port', () => {
    const diagnostics = validate(conform({ ...base, ssh: { host: 'x', port: 99999 } }));
    expect(diagnostics[0]?.attribute).toEqual([{ attribute_name: 'ssh' }, { attribute_name: 'port' }]);
  });

  it('refuses an unknown fate', () => {
    expect(validate(conform({ ...base, on_destroy: 'explode' }))[0]?.summary).toContain('on_destroy');
  });
});

describe('a password', () => {
  const users = (password: TerraformObject[string]) => ({ submission_users: { alice: { password, password_version: 1 } } });

  it('is seen by the apply alone', async () => {
    const run = terraform();
    const render = jest.spyOn(run.parts.role, 'renderRole');
    const { planned } = await run.plan({ ...base, ...users('correct horse battery') });
    expect(planned.files).not.toBe(UNKNOWN);
    expect(JSON.stringify(render.mock.calls)).not.toContain('horse');
    await run.apply({ ...base, ...users('correct horse battery') });
    expect(JSON.stringify(render.mock.calls)).toContain('horse');
  });

  it('that is not known yet leaves the plan as it is', async () => {
    const run = terraform();
    const { planned } = await run.plan({ ...base, ...users(UNKNOWN) });
    expect(planned.files).toMatchObject({ '/etc/name': 'MAIL.EXAMPLE.COM\n' });
  });

  it('that breaks a rule is not repeated', () => {
    const [problem] = terraform().resource.validate(conform({ ...base, ...users('horse') }));
    expect(JSON.stringify(problem)).toContain('the password has 5 characters');
    expect(JSON.stringify(problem)).not.toContain('horse');
  });
});
