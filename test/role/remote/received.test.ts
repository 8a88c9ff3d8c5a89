import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { hostPython } from '../../support/python';

const RULES = join(__dirname, '../../../lib/role/remote/postfix-rules');
const HOST = 'mail.example.com';
const NETWORKS = [
  '203.0.113.0/24',
  '10.64.0.0/10',
  '192.168.7.9/32',
  '2001:db8:51:100::/64',
  '2001:db8:7:ff00::/58',
  'fd00::5/128',
];

/** As smtpd(8) writes it, with TLS and without. */
const received = (client: string, protocol: string, { helo = 'laptop.office.example', host = HOST } = {}) =>
  `Received: from ${helo} (${client})\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\n\t key-exchange X25519)\n\t(No client certificate requested)\n\tby ${host} (Postfix) with ${protocol} id 4abc\n\tfor <bob@receiver.example>; Mon, 30 Nov 2026 10:00:00 +0000 (UTC)`;
const hidden = (protocol: string) =>
  `Received: by ${HOST} (Postfix) with ${protocol} id 4abc\n\tfor <bob@receiver.example>; Mon, 30 Nov 2026 10:00:00 +0000 (UTC)`;

/** What became of each header. */
function sent(headers: readonly string[]): string[] {
  const input = JSON.stringify({ host: HOST, networks: NETWORKS, headers });
  const { stdout, stderr } = spawnSync(hostPython, [join(__dirname, 'received-cases.py'), RULES], { encoding: 'utf8', input });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as string[];
}

test('nothing of who submitted a mail is left, whatever the submission was', () => {
  const submitted: readonly (readonly [client: string, protocol: string])[] = [
    // With a login, from anywhere.
    ['unknown [198.51.100.7]', 'ESMTPSA'],
    ['unknown [198.51.100.7]', 'ESMTPA'],
    ['unknown [198.51.100.7]', 'UTF8SMTPSA'],
    ['unknown [IPv6:2a00::1]', 'ESMTPSA'],
    // From known networks.
    ['app.example [203.0.113.0]', 'ESMTP'],
    ['unknown [203.0.113.255]', 'SMTP'],
    ['unknown [10.64.0.0]', 'ESMTPS'],
    ['unknown [10.127.255.255]', 'ESMTPS'],
    ['unknown [192.168.7.9]', 'ESMTPS'],
    ['unknown [IPv6:2001:db8:51:100::]', 'ESMTPS'],
    ['unknown [IPv6:2001:db8:51:100::44]', 'ESMTPS'],
    ['unknown [IPv6:2001:db8:51:100:0:1:0:44]', 'ESMTPS'],
    ['unknown [IPv6:2001:db8:51:100:1234:5678:9abc:def0]', 'ESMTPS'],
    ['unknown [IPv6:2001:db8:51:100:1::44]', 'ESMTPS'],
    ['unknown [IPv6:2001:db8:7:ff3f::1]', 'ESMTPS'],
    ['unknown [IPv6:fd00::5]', 'ESMTPS'],
    // Of this host.
    ['localhost [127.0.0.1]', 'ESMTP'],
    ['localhost [IPv6:::1]', 'ESMTP'],
  ];
  expect(sent(submitted.map(([client, protocol]) => received(client, protocol)))).toEqual(
    submitted.map(([, protocol]) => hidden(protocol)),
  );
  const unnumbered = (text: string) => text.replace(' id 4abc', '');
  expect(sent([unnumbered(received('app.example [203.0.113.9]', 'ESMTP'))])).toEqual([unnumbered(hidden('ESMTP'))]);
  const byProgram = `Received: by ${HOST} (Postfix, from userid 1000)\n\tid 4abc; Mon, 30 Nov 2026 10:00:00 +0000 (UTC)`;
  expect(sent([byProgram])).toEqual([byProgram.replace(', from userid 1000', '')]);
});

test('what others wrote, and what this host wrote of strangers, stays as it is', () => {
  const kept = [
    received('unknown [198.51.100.7]', 'ESMTPS'),
    received('unknown [203.0.114.1]', 'ESMTP'),
    received('unknown [10.128.0.0]', 'ESMTP'),
    received('unknown [10.63.255.255]', 'ESMTP'),
    received('unknown [192.168.7.90]', 'ESMTP'),
    received('unknown [IPv6:2001:db8:51:101::44]', 'ESMTP'),
    received('unknown [IPv6:2001:db8:51::100:44]', 'ESMTP'),
    received('unknown [IPv6:2001:db8:7:ff40::1]', 'ESMTP'),
    received('unknown [IPv6:fd00::50]', 'ESMTP'),
    // Written by another server.
    received('unknown [203.0.113.9]', 'ESMTPSA', { host: 'mail.elsewhere.example' }),
    received('unknown [203.0.113.9]', 'ESMTPSA', { host: 'mailxexample.com' }),
    // A name of the client that looks like an address of ours.
    received('unknown [198.51.100.7]', 'ESMTP', { helo: '[203.0.113.9]' }),
    // The way back from the filter.
    received('localhost [127.0.0.1]', 'ESMTP', { helo: 'localhost' }),
    'Received: from mail.example.com ([127.0.0.1]) by localhost (mail.example.com [127.0.0.1]) (amavis, port 10026) with ESMTP id x',
    'Subject: Received: from laptop by mail.example.com (Postfix) with ESMTPSA id 4abc',
  ];
  expect(sent(kept)).toEqual(kept);
});
