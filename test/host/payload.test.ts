import type { ChangeSet } from '../../lib/host/change-set';
import type { DesiredState } from '../../lib/host/desired-state';
import { diff } from '../../lib/host/diff';
import { payload } from '../../lib/host/payload';
import { bareHost, nothing } from './support/states';

const transaction = { id: '20261122T184200Z-3f9a', confirmationSeconds: 60 };

function content(desired: Partial<DesiredState>, changes: Partial<ChangeSet> = {}): Record<string, string | undefined> {
  const whole = { ...nothing, ...desired };
  const entries = payload(whole, { ...diff(bareHost, whole), ...changes }, transaction);
  return Object.fromEntries(entries.map((entry) => [entry.name, entry.content?.toString()]));
}

const file = { path: '/etc/postfix/main.cf', content: 'a = b\n', owner: 'root', group: 'root', mode: '0644' };
const seed = { path: '/etc/mail/transport', content: '# yours\n', owner: 'root', group: 'service', mode: '0664' };
const service = { unit: 'postfix.service', state: 'running', restartOn: ['master'], reloadOn: ['maps', '/etc/mail/'] } as const;

test('ends with the member that proves it whole', () => {
  const entries = payload(nothing, diff(bareHost, nothing), transaction);
  expect(entries.at(-1)).toEqual({ name: 'complete', content: '20261122T184200Z-3f9a\n', mode: 0o600 });
});

test('lets nobody but root read commands and plan, and everybody pass through the candidate tree', () => {
  const entries = payload(nothing, diff(bareHost, nothing), transaction);
  const folders = entries.filter((entry) => entry.name.endsWith('/')).map((entry) => [entry.name, entry.mode.toString(8)]);
  expect(folders).toEqual([
    ['plan/', '700'],
    ['commands/', '700'],
    ['lib/', '700'],
    ['secrets/', '700'],
    ['lists/', '700'],
    ['candidate/', '755'],
  ]);
});

test('holds every managed file, changed or not, and the seeds that the host lacks', () => {
  const other = { ...seed, path: '/etc/mail/canonical' };
  const sent = content({ files: [file], seeds: [seed, other] }, { files: [], seeds: [seed.path] });
  expect(sent['candidate/etc/postfix/main.cf']).toBe('a = b\n');
  expect(sent['candidate/etc/mail/transport']).toBe('# yours\n');
  expect(sent['candidate/etc/mail/canonical']).toBeUndefined();
  expect(sent['plan/files']).toBe('0644\troot\troot\t/etc/postfix/main.cf\n0664\troot\tservice\t/etc/mail/transport\n');
  expect(sent['plan/swap']).toBe('');
});

test('tells what every seed would be, for those that change hands', () => {
  const sent = content({ seeds: [seed] }, { seeds: [] });
  expect(sent['plan/seeds']).toBe('');
  expect(sent['plan/all-seeds']).toBe('0664\troot\tservice\t/etc/mail/transport\n');
});

test('makes parent directories before what is in them', () => {
  const directory = { owner: 'root', group: 'root', mode: '0755' };
  const sent = content({
    directories: [
      { ...directory, path: '/srv/a/b' },
      { ...directory, path: '/srv/a' },
    ],
  });
  expect(sent['plan/directories']).toBe('0755\troot\troot\t/srv/a\n0755\troot\troot\t/srv/a/b\n');
});

test('tells which rebuilt state restarts or reloads a unit', () => {
  const derived = ['maps', 'master'].map((name) => ({ name, check: 'check', build: 'build' }));
  const sent = content({ services: [service], derived }, { services: [] });
  expect(sent['plan/services']).toBe('postfix.service\tnone\t-\n');
  expect(sent['plan/service-derived']).toBe('postfix.service\trestart\tmaster\npostfix.service\treload\tmaps\n');
  expect([sent['commands/check-1'], sent['commands/build-1']]).toEqual(['check\n', 'build\n']);
});

test('leaves a masked unit out of everything that runs', () => {
  const sent = content({ services: [{ ...service, state: 'masked' }] }, { services: [] });
  expect(sent['plan/services']).toBe('postfix.service\tidle\t-\n');
  expect(sent['plan/service-derived']).toBe('');
});

test('puts units that are no longer wanted first', () => {
  const stop = { unit: 'spamd.service', action: 'stop', reason: 'no longer wanted' } as const;
  const sent = content({ services: [service] }, { services: [stop] });
  expect(sent['plan/services']).toBe('spamd.service\tstop\tno longer wanted\npostfix.service\tnone\t-\n');
});

test('carries a reload command by the name of its unit', () => {
  const sent = content({ services: [{ ...service, reloadCommand: '/usr/local/sbin/gate reload' }] });
  expect(sent['commands/reload-postfix.service']).toBe('/usr/local/sbin/gate reload\n');
});

test('refuses names that its lines cannot hold', () => {
  expect(() => content({ packages: ['a\tb'] })).toThrow('["a\\tb"] cannot be sent to a host');
  expect(() => content({ users: [{ name: 'a', home: '', shell: '/bin/sh', groups: [] }] })).toThrow('an empty field');
});

test('holds secrets only for what has to be built with them, readable by root', () => {
  const derived = { name: 'users', check: 'true', build: 'true' };
  const desired = { ...nothing, derived: [derived], secrets: [{ derived: 'users', name: 'users.json', content: '{}\n' }] };
  const sent = (stale: ChangeSet['derived']) =>
    payload(desired, { ...diff(bareHost, desired), derived: stale }, transaction).filter((entry) => entry.content === '{}\n');
  expect(sent([{ name: 'users', reason: 'not built yet' }])).toEqual([
    { name: 'secrets/users.json', content: '{}\n', mode: 0o600 },
  ]);
  expect(sent([{ name: 'maps', reason: 'old' }])).toEqual([]);
});

test('carries of a list what changes, and nothing of one that does not', () => {
  const list = {
    path: '/etc/mail/aliases',
    source: 'aliases',
    sha256: 'aa',
    bytes: 9,
    lines: 2,
    owner: 'root',
    group: 'root',
    mode: '0644',
  };
  const desired = { ...nothing, lists: [list, { ...list, path: '/etc/mail/transport' }] };
  const entries = payload(desired, diff(bareHost, desired), transaction, [{ list, delta: Buffer.from('changes') }]);
  const sent = Object.fromEntries(entries.map((entry) => [entry.name, entry.content?.toString()]));
  expect(sent['lists/0']).toBe('changes');
  expect(sent['plan/lists']).toBe('0\taa\t/etc/mail/aliases\n');
  expect(sent['plan/files']).toBe('0644\troot\troot\t/etc/mail/aliases\n');
  expect(Object.keys(sent).filter((name) => name.startsWith('candidate/etc'))).toEqual([]);
  expect(sent['plan/manifest']).toContain('file /etc/mail/transport\n');
});
