import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { control, controlSocket, NoSupervisorError, type SupervisorStatus, serveControl } from '../../../lab/supervisor/control';
import type { Lab } from '../../../lab/system';

describe('the control socket', () => {
  let lab: Lab;
  let server: Server | undefined;
  beforeEach(async () => {
    lab = { name: 'lab', stateDir: await mkdtemp(join(tmpdir(), 'control-')), cacheDir: '/nowhere' };
  });
  afterEach(async () => {
    server?.close();
    await rm(lab.stateDir, { recursive: true });
  });

  const status: SupervisorStatus = {
    pid: 1,
    started: '2026-11-22T18:00:00Z',
    snapshot: { instances: [], elasticIps: [], zones: [], volumeIds: [] },
    delegations: { 'example.com.': ['ns.test.'] },
    outboundPort25: 'closed',
    errors: { machines: 'no such image\nreally' },
  };
  const serve = async () => {
    server = await serveControl(lab, {
      status: async () => status,
      settle: async () => {
        throw new Error('not today');
      },
      reconcile: async () => status,
      disturb: async (disturbance) => ({ ...status, errors: { asked: JSON.stringify(disturbance) } }),
      delegate: async (entry) => ({ ...status, errors: { asked: JSON.stringify(entry) } }),
      port25: async () => status,
      stop: async () => ({ pid: 1 }),
    });
  };

  it('answers what it is asked', async () => {
    await serve();
    expect(await control(lab, 'status')).toEqual(status);
    expect(await control(lab, 'stop')).toEqual({ pid: 1 });
  });

  it('hands on what it is asked for', async () => {
    await serve();
    const { errors } = await control(lab, 'disturb', { outboundPort25Blocked: true });
    expect(errors).toEqual({ asked: '{"outboundPort25Blocked":true}' });
  });

  it('hands on errors', async () => {
    await serve();
    await expect(control(lab, 'settle')).rejects.toThrow('not today');
  });

  it('refuses what it does not know', async () => {
    await serve();
    await expect(control(lab, 'constructor' as 'status')).rejects.toThrow('unknown request "constructor"');
  });

  it('says that a lab is not up', async () => {
    await expect(control(lab, 'status')).rejects.toThrow(NoSupervisorError);
    await expect(control(lab, 'status')).rejects.toThrow('the lab "lab" is not up');
    await expect(control(lab, 'status')).rejects.toThrow(`run "npx mailserver lab up --state ${lab.stateDir}"`);
  });

  it('takes the place of one that a crash left behind', async () => {
    await serve();
    server?.close();
    await serve();
    expect(await control(lab, 'status')).toEqual(status);
  });

  it('refuses a state folder whose path is too long for a socket', () => {
    expect(() => controlSocket({ ...lab, stateDir: `/${'x'.repeat(100)}` })).toThrow(/too long a path.*--state/);
  });
});
