import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin } from '../../../lib/dns';
import { capacityOf } from '../../../lib/role/capacity';
import { POOLED_SENDERS } from '../../../lib/role/components/postgrey';
import { renderRole } from '../../../lib/role/render';
import { roleSettings } from '../../../lib/role/settings';
import { mailDomain } from '../../../lib/role/settings/domain-name';

describe('the large senders that are not greylisted', () => {
  test.each(POOLED_SENDERS)('%s is a name as postgrey compares it', (sender) => {
    expect(mailDomain(sender)).toBeUndefined();
    expect(sender).toBe(sender.toLowerCase());
  });

  test('each stand for what no other one stands for', () => {
    const covered = POOLED_SENDERS.filter((name) => POOLED_SENDERS.some((other) => other !== name && isWithin(name, other)));
    expect(covered).toEqual([]);
    expect(new Set(POOLED_SENDERS).size).toBe(POOLED_SENDERS.length);
  });

  test('are in docs/antispam.md', () => {
    const docs = readFileSync(join(__dirname, '../../../docs/antispam.md'), 'utf8');
    expect(POOLED_SENDERS.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('neverGreylisted', () => {
  const files = (neverGreylisted?: readonly string[]) => {
    const settings = roleSettings.parse({ heloName: 'mail.example.com', ...(neverGreylisted && { neverGreylisted }) });
    const { files } = renderRole(settings, capacityOf(2, 4000, false));
    const content = (path: string) => files.find((file) => file.path === path)?.content ?? '';
    const names = content('/etc/postgrey/whitelist_clients.stack')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    return { names, ofDebian: content('/etc/default/postgrey').includes('/etc/postgrey/whitelist_clients ') };
  };

  test.each([
    ["Debian's and the role's where the stack says nothing", undefined, POOLED_SENDERS, true],
    ['those of the stack and no others', ['partner.example', '203.0.113.0/24'], ['partner.example', '203.0.113.0/24'], false],
    ['nobody', [], [], false],
  ] as const)('lets pass %s', (_who, given, names, ofDebian) => {
    expect(files(given)).toEqual({ names, ofDebian });
  });
});
