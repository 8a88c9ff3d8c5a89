import type { HostFacts, LiveFile } from '../../lib/host/host-facts';
import { viewOfDesired, viewOfFacts } from '../../lib/host/view';
import { conformObject } from '../../lib/provider/framework/codec';
import { attributes } from '../../lib/provider/role/attributes';
import { upgradeState } from '../../lib/provider/role/upgrade-state';
import { capacityOf } from '../../lib/role/capacity';
import { renderRole } from '../../lib/role/render';
import { version } from '../../package.json';
import { bareHost } from '../host/support/states';

const settings = {
  heloName: 'mail.example.com',
  domains: { 'example.com': { deliverTo: 'webapp' } },
  serviceUsers: ['webapp'],
  antivirus: true,
};
const desired = renderRole(settings, capacityOf(2, 4096, true));
const view = viewOfDesired(desired);
const isProgram = (path: string) =>
  /^\/usr\/(lib\/mailserver|local)\//.test(path) && !/^\/usr\/lib\/mailserver\/(checks|logins|relay|warm-up)\.json$/.test(path);
const programs = desired.files.filter(({ path }) => isProgram(path));
const others = desired.files.filter(({ path }) => !isProgram(path));
const inLib = programs.filter(({ path }) => path.startsWith('/usr/lib/mailserver/'));
const APART = '/usr/lib/mailserver/apart';

test('a plan shows the programs of this package in one line for each folder, and everything else whole', () => {
  expect(programs.length).toBeGreaterThan(40);
  const text = (count: number) =>
    expect.stringMatching(new RegExp(`^cdktf-mailserver ${version}, ${count} programs, sha256:[0-9a-f]{16}$`));
  expect(view.programs).toEqual({
    '/usr/lib/mailserver': text(inLib.length),
    '/usr/local': text(programs.length - inLib.length),
  });
  expect(view.files).toEqual(Object.fromEntries(others.map(({ path, content }) => [path, content])));
  expect(others.some(({ path }) => path.startsWith('/etc/postfix/'))).toBe(true);
  expect(others.map(({ path }) => path)).toContain('/usr/lib/mailserver/checks.json');
});

test('permissions have a line only where they are not those of any file', () => {
  const shown = Object.entries(view.permissions);
  for (const { path } of programs) expect(view.permissions).not.toHaveProperty([path]);
  for (const { path, owner, group, mode } of [...others, ...desired.directories]) {
    const usual = `${owner}:${group} ${mode}` === 'root:root 0644';
    expect([path, view.permissions[path]]).toEqual([path, usual ? undefined : `${owner}:${group} ${mode}`]);
  }
  expect(shown.length).toBeLessThan(50);
});

describe('a host', () => {
  const whole = Object.fromEntries(
    desired.files.map(({ path, content, owner, group, mode }): [string, LiveFile] => [path, { content, owner, group, mode }]),
  );
  const lib = (files: Record<string, LiveFile | undefined>, facts: Partial<HostFacts> = {}) => {
    const live = Object.fromEntries(Object.entries({ ...whole, ...files }).filter(([, file]) => file)) as Record<
      string,
      LiveFile
    >;
    return viewOfFacts({ ...bareHost, files: live, ...facts }, desired).programs['/usr/lib/mailserver'];
  };
  const apart = whole[APART] as LiveFile;
  const old = '/usr/lib/mailserver/old';
  const manifest = { files: [old], directories: [], units: [] };
  const of = inLib.length;

  test.each([
    ['as it should be', {}, {}, view.programs['/usr/lib/mailserver']],
    ['without one', { [APART]: undefined }, {}, `1 of ${of} differ: ${APART} is missing`],
    [
      'with another',
      { [APART]: { ...apart, content: 'mine\n' } },
      {},
      `1 of ${of} differ: ${APART} is another (sha256:fcbc800db3f18670)`,
    ],
    ['with a link', { [APART]: { ...apart, content: '', kind: 'link' } }, {}, `1 of ${of} differ: ${APART} is another (link)`],
    ['that others may write', { [APART]: { ...apart, mode: '0777' } }, {}, `1 of ${of} differ: ${APART} is root:root 0777`],
    ['with one of an earlier version', { [old]: apart }, { manifest }, `1 of ${of + 1} differ: ${old} is left over`],
  ] as [string, Record<string, LiveFile | undefined>, Partial<HostFacts>, string][])('%s says so', (_, files, facts, text) => {
    expect(lib(files, facts)).toBe(text);
  });

  test('with many others names some and counts the rest', () => {
    const changed = Object.fromEntries(inLib.map(({ path }) => [path, { ...(whole[path] as LiveFile), content: 'x' }]));
    expect(lib(changed)).toMatch(
      new RegExp(`^${of} of ${of} differ: (\\S+ is another \\(sha256:[0-9a-f]{16}\\), ){5}and ${of - 5} more$`),
    );
  });

  test('without any has no line', () => {
    expect(lib(Object.fromEntries(inLib.map(({ path }) => [path, undefined])))).toBeUndefined();
  });

  test('with other permissions below /etc shows them', () => {
    const [{ path }] = others.filter(({ owner, group, mode }) => `${owner}:${group} ${mode}` === 'root:root 0644') as [
      (typeof others)[number],
    ];
    const live = { ...whole, [path]: { ...(whole[path] as LiveFile), mode: '0666' } };
    expect(viewOfFacts({ ...bareHost, files: live }, desired).permissions[path]).toBe('root:root 0666');
    expect(viewOfFacts({ ...bareHost, files: whole }, desired).permissions[path]).toBeUndefined();
  });
});

test('a state from before, with a line or whole text for each program, is read as one of today', () => {
  const before = {
    helo_name: 'mail.example.com',
    files: Object.fromEntries(desired.files.map(({ path, content }) => [path, content])),
    permissions: Object.fromEntries(
      [...desired.files, ...desired.directories].map(({ path, owner, group, mode }) => [path, `${owner}:${group} ${mode}`]),
    ),
  };
  expect(upgradeState(conformObject(before, attributes))).toMatchObject({ files: view.files, permissions: view.permissions });
  const { files, permissions } = upgradeState(conformObject(before, attributes)) as Record<string, object>;
  expect([files, permissions]).toEqual([view.files, view.permissions]);
  expect(upgradeState(conformObject({ helo_name: 'mail.example.com', files: null }, attributes)).files).toBeNull();
});
