import { nameOnHost } from '../../lib/role/name-on-host';

const facts = (content: string) => ({
  files: { '/etc/postfix/myhostname': { owner: 'root', group: 'root', mode: '0644', content } },
});

test.each([
  ['mail.example.com\n', 'mail.example.com'],
  ['', undefined],
  ['localhost\n', undefined],
  ['two words.example.com\n', undefined],
])('a host with %j in /etc/postfix/myhostname goes by %s', (content, name) => {
  expect(nameOnHost(facts(content))).toBe(name);
});

test('a host that is not in the role has no name yet', () => {
  expect(nameOnHost({ files: {} })).toBeUndefined();
});
