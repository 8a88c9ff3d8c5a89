import { reverseName } from '../dns/names';
import { execIn } from '../machines';
import type { Lab } from '../system';
import { nameServer, publicResolvers } from '../world';
import { type Check, check, checked } from './check';
import type { Subject } from './subject';

const servers = [nameServer, ...publicResolvers];

/** Answers of one server, sorted; names without their final dot. */
export async function lookUp(lab: Lab, server: string, name: string, type: string): Promise<string[]> {
  const command = ['dig', '+short', '+time=2', '+tries=2', `@${server}`, name, type];
  const { stdout } = await execIn(lab, 'sender', command, { timeout: 15_000 });
  const answers = stdout.split('\n').filter((line) => line && !line.startsWith(';'));
  return answers.map((line) => line.replace(/\.$/, '')).sort();
}

/** HELO name, A, PTR and MX agree, asked of the authoritative server and of the public resolvers. */
export async function dnsChain(lab: Lab, subject: Subject): Promise<Check[]> {
  const { heloName, address, domain } = subject;
  const expectations = [
    { name: `A of ${heloName}`, ask: heloName, type: 'A', expected: address },
    { name: `PTR of ${address}`, ask: reverseName(address), type: 'PTR', expected: heloName },
    { name: `MX of ${domain}`, ask: domain, type: 'MX', expected: heloName },
  ];
  const results = await Promise.all(
    expectations.map(({ name, ask, type, expected }) =>
      checked(name, expected, async () => {
        const answers = await Promise.all(
          servers.map(async ({ name: label, ipv4 }) => ({ label, found: await lookUp(lab, ipv4, ask, type) })),
        );
        const value = (answer: string) => (type === 'MX' ? answer.split(' ').at(-1) : answer);
        const ok = answers.every(({ found }) => found.length === 1 && value(found[0] ?? '') === expected);
        const seen = answers.map(({ label, found }) => `${label}: ${found.join(', ') || 'nothing'}`);
        const agreed = new Set(answers.map(({ found }) => found.join(', '))).size === 1;
        return check(name, ok, agreed ? answers[0]?.found.join(', ') || 'nothing' : seen.join('; '), expected);
      }),
    ),
  );
  return results.flat();
}
