import { HostError, type HostErrorKind } from '../../../lib/host/host-error';
import { type TerraformObject, UNKNOWN } from '../../../lib/provider/framework/values';
import { base, conform, summaries, terraform } from '../support/role-terraform';

jest.spyOn(process.stderr, 'write').mockReturnValue(true);

test('other permissions of a file are put back, in words of both sides, and have no line when nothing is wrong', async () => {
  const run = terraform();
  await run.apply(base);
  expect(run.state().permissions).toEqual({});
  run.host.modes = { '/etc/name': '0666' };
  await run.refresh();
  expect(run.state().permissions).toEqual({ '/etc/name': 'root:root 0666' });
  expect((await run.plan(base)).planned.permissions).toEqual({ '/etc/name': 'root:root 0644' });
  expect(summaries(await run.apply(base))).toEqual([]);
  expect(run.state().permissions).toEqual({ '/etc/name': 'root:root 0644' });
  await run.refresh();
  expect(conform((await run.plan(base)).planned)).toEqual(run.state());
});

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

  it('shows what is hidden in a file of the host, which a terminal would act on', async () => {
    const run = await created();
    run.host.files['/etc/name'] = 'a\x1b]0;owned\x07\n\tb\u202ec\n';
    run.host.files['/etc/relay'] = 'd\x1b[2J\n';
    await run.refresh();
    expect(run.state().files).toMatchObject({
      '/etc/name': 'a\\u{1b}]0;owned\\u{7}\n\tb\\u{202e}c\n',
      '/etc/relay': 'd\\u{1b}[2J\n',
    });
    expect(summaries(await run.apply(base))).toEqual([]);
    expect(run.host.files).toMatchObject({ '/etc/name': 'MAIL.EXAMPLE.COM\n', '/etc/relay': 'd\x1b[2J\n' });
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
