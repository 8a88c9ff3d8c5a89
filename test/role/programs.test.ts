import { shownContent, viewOfDesired } from '../../lib/host/view';
import { conformObject } from '../../lib/provider/framework/codec';
import { attributes } from '../../lib/provider/role/attributes';
import { upgradeState } from '../../lib/provider/role/upgrade-state';
import { capacityOf } from '../../lib/role/capacity';
import { renderRole } from '../../lib/role/render';
import { version } from '../../package.json';

const settings = {
  heloName: 'mail.example.com',
  domains: { 'example.com': { deliverTo: 'webapp' } },
  serviceUsers: ['webapp'],
  antivirus: true,
};
const desired = renderRole(settings, capacityOf(2, 4096, true));
const view = viewOfDesired(desired);
const isProgram = (path: string) =>
  /^\/usr\/(lib\/mailserver|local)\//.test(path) && !/^\/usr\/lib\/mailserver\/(checks|logins)\.json$/.test(path);
const programs = desired.files.filter(({ path }) => isProgram(path));
const others = desired.files.filter(({ path }) => !isProgram(path));

test('a plan shows the programs of this package by version and digest, and everything else whole', () => {
  expect(programs.length).toBeGreaterThan(40);
  for (const { path } of programs)
    expect(view.files[path]).toMatch(new RegExp(`^cdktf-mailserver ${version}, sha256:[0-9a-f]{16}$`));
  for (const { path, content } of others) expect(view.files[path]).toBe(content);
  expect(others.some(({ path }) => path.startsWith('/etc/postfix/'))).toBe(true);
  expect(others.map(({ path }) => path)).toContain('/usr/lib/mailserver/checks.json');
});

test('programs take one line each of a plan, of which they were four fifths', () => {
  const lines = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.split('\n').length, 0);
  const shown = Object.values(view).flatMap((entries) => Object.values(entries as Record<string, string>));
  expect(lines(programs.map(({ content }) => content))).toBeGreaterThan(5000);
  expect(lines(programs.map(({ path }) => view.files[path] ?? ''))).toBe(programs.length);
  expect(lines(shown)).toBeLessThan(1400);
});

test('a program that somebody changed on the host differs, by its digest', () => {
  const [{ path, content }] = programs as [(typeof programs)[number]];
  const changed = shownContent(desired, path, `${content}# mine\n`);
  expect(changed).toMatch(/^sha256:[0-9a-f]{16}$/);
  expect(view.files[path]).not.toContain(changed);
  expect(shownContent(desired, path, content)).toBe(view.files[path]);
});

test('a state from before, with whole programs, is read as one of today', () => {
  const before = Object.fromEntries(desired.files.map(({ path, content }) => [path, content]));
  const { files } = upgradeState(conformObject({ helo_name: 'mail.example.com', files: before }, attributes)) as {
    files: Record<string, string>;
  };
  expect(Object.keys(files)).toEqual(Object.keys(before));
  for (const { path } of programs) expect(view.files[path]).toBe(`cdktf-mailserver ${version}, ${files[path]}`);
  for (const { path, content } of others) expect(files[path]).toBe(content);
  expect(upgradeState(conformObject({ helo_name: 'mail.example.com', files: null }, attributes)).files).toBeNull();
});
