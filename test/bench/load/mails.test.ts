import { mailboxes, sampleMails, senderDomains, sendings } from '../../../bench/load/mails';

const sizes = sampleMails().map(({ text }) => text.length);

test('the mails of a load are the same in every run, and of many sizes', () => {
  expect(sampleMails()).toEqual(sampleMails());
  expect(new Set(sizes).size).toBe(sizes.length);
  expect(Math.min(...sizes)).toBeLessThan(2_000);
  expect(Math.max(...sizes)).toBeGreaterThan(100_000);
});

test('every kind of mail is sent equally often, from and to everybody', () => {
  const sent = sendings('x', 60, 'mail.example.test');
  for (const { name } of sampleMails()) expect(sent.filter(({ body }) => body === name)).toHaveLength(3);
  const pairs = new Set(sent.map(({ from, to }) => `${from} ${to}`));
  expect(pairs.size).toBe(senderDomains.length * mailboxes.length);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(60);
});

test('mails at a rate become due one after another', () => {
  expect(sendings('x', 3, 'mail.example.test', 2).map(({ after }) => after)).toEqual([0, 0.5, 1]);
});
