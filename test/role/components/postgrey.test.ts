import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin } from '../../../lib/dns';
import { mailDomain } from '../../../lib/net/domain-name';
import { POOLED_SENDERS } from '../../../lib/role/components/postgrey';

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
