import fc from 'fast-check';
import { connectionSettings } from '../../../lib/host/connection-settings';
import { target } from '../target';
import { anyText, domainName, INHERITED, madeOf, mutated } from '../texts';

const text = fc.oneof(
  domainName,
  anyText(),
  mutated(fc.constantFrom('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ', 'SHA256:abcdef', '198.51.100.7', '[::1]:22')),
  madeOf(fc.constantFrom('a', '.', ':', '[')),
);
const any = fc.oneof(text, fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<unknown>);
const endpoint = {
  host: any,
  port: fc.oneof(fc.integer(), fc.double({ noNaN: true }), any),
  user: any,
  privateKeyPath: any,
  hostKey: any,
};

export const connection = target({
  name: 'connection',
  input: fc.oneof(
    fc.record(
      { ...endpoint, bastion: fc.record(endpoint, { requiredKeys: [] }), timeoutSeconds: any },
      { requiredKeys: ['host'] },
    ),
    fc.dictionary(fc.oneof(fc.constantFrom(...INHERITED), anyText(6)), any, { maxKeys: 3, noNullPrototype: true }),
  ),
  check(input) {
    const parsed = connectionSettings.safeParse(input);
    if (!parsed.success) {
      if (parsed.error.issues.some(({ message }) => message.trim() === '')) throw new Error('refused without a reason');
      return;
    }
    for (const { host, user, port } of [parsed.data, parsed.data.bastion].flatMap((each) => each ?? [])) {
      // Nothing that a shell, a terminal or an address with a port would read in another way.
      if (!/^[\w.:%-]+$/.test(host) || host.startsWith('-')) throw new Error(`host ${JSON.stringify(host)}`);
      if (user !== undefined && !/^[\w.-]+\$?$/.test(user)) throw new Error(`user ${JSON.stringify(user)}`);
      if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65535)) throw new Error(`port ${port}`);
    }
  },
});
