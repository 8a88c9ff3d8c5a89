import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostError, type HostErrorKind } from '../../../lib/host/host-error';
import { type TerraformObject, UNKNOWN } from '../../../lib/provider/framework/values';
import { roleResource } from '../../../lib/provider/role/role-resource';
import type { Finding } from '../../../lib/verify';
import { FakeHost, partsWith } from '../support/fake-host';
import { base, conform, summaries, terraform } from '../support/role-terraform';

jest.spyOn(process.stderr, 'write').mockReturnValue(true);

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

  it('waits for another apply that was there first', async () => {
    const run = terraform();
    run.host.transaction = { id: 'theirs', over: false };
    run.host.onWait = () => {
      run.host.transaction = { id: 'theirs', over: true };
      return 'over';
    };
    expect(summaries(await run.apply(base))).toEqual([]);
    expect([run.host.waits, run.host.applies]).toEqual([1, 1]);
  });

  it('waits for another apply that was quicker', async () => {
    const run = terraform();
    run.host.failure = new HostError('busy', 'another apply is at work');
    run.host.transaction = { id: 'theirs', over: false };
    run.host.onWait = () => {
      run.host.failure = undefined;
      run.host.transaction = { id: 'theirs', over: true };
      return 'over';
    };
    expect(summaries(await run.apply(base))).toEqual([]);
    expect(run.host.applies).toBe(1);
  });

  it('is an error that says what the other apply does when it takes too long', async () => {
    const run = terraform();
    run.host.transaction = { id: 'theirs', over: false };
    run.host.onWait = () => 'underWay';
    const result = await run.apply(base);
    expect(summaries(result)).toEqual(['error: another apply is at work on the mail host']);
    expect(result.diagnostics[0]?.detail).toContain('started 12:00:00, at: probe: nsd');
    expect(run.host.applies).toBe(0);
  });

  it('is not a success for a state that the host then takes back', async () => {
    const run = terraform();
    await run.apply(base);
    const before = { ...run.host.files };
    // Terraform and the provider were killed while the host waited for the confirmation: the goal is in place, and not for long.
    await run.apply({ ...base, message_size_limit: 1000000 });
    run.host.transaction = { id: 'orphan', over: false };
    run.host.onWait = () => {
      run.host.files = before;
      run.host.transaction = { id: 'orphan', over: true };
      return 'over';
    };
    expect(summaries(await run.apply({ ...base, message_size_limit: 1000000 }))).toEqual([]);
    expect(run.host.files['/etc/size']).toBe('1000000\n');
    expect(run.host.applies).toBe(3);
  });

  it.each<HostErrorKind>(['connectionLost', 'unreachable', 'timeout'])(
    'is a success with a warning when the change was confirmed and the host cannot be looked at any more (%s)',
    async (kind) => {
      const run = terraform();
      run.host.lostAfterwards = new HostError(kind, 'the line is dead');
      const result = await run.apply(base);
      expect(summaries(result)).toEqual(['warning: the mail host was changed, and could not be looked at afterwards']);
      expect(run.state().files).toMatchObject({ '/etc/name': 'MAIL.EXAMPLE.COM\n' });
    },
  );

  it.each([
    ['interrupted', 'an earlier apply was interrupted on the mail host'],
    ['underWay', 'another apply is at work on the mail host'],
  ] as const)('that is not over (%s) is a difference and a warning of the next plan', async (state, warning) => {
    const run = terraform();
    await run.apply(base);
    run.host.transaction = { id: 'orphan', over: false };
    run.host.onWait = () => state;
    expect(summaries(await run.refresh())).toEqual([`warning: ${warning}`]);
    expect(run.state().derived).toEqual({ 'Unfinished change': expect.stringContaining('orphan is not over') });
    const { planned } = await run.plan(base);
    expect(planned.derived).toEqual({});
    expect(run.host.waits).toBe(1);
  });

  it('that is interrupted is brought to its end by the next apply, even if nothing else differs', async () => {
    const run = terraform();
    await run.apply(base);
    run.host.transaction = { id: 'orphan', over: false };
    run.host.onWait = () => 'interrupted';
    await run.refresh();
    expect(summaries(await run.apply(base))).toEqual([]);
    expect(run.host.applies).toBe(2);
  });

  it('leaves progress in the file that MAILSERVER_PROGRESS names', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailserver-progress-'));
    const file = join(folder, 'progress');
    appendFileSync(file, 'before\n');
    process.env.MAILSERVER_PROGRESS = file;
    try {
      await terraform().apply(base);
      expect(readFileSync(file, 'utf8')).toBe(
        'before\n198.51.100.25:22 host key trusted at first contact: SHA256:one\n198.51.100.25:22 files written\n',
      );
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
