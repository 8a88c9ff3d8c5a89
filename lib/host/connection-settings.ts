import * as z from 'zod/mini';
import { group } from '../settings/group';
import { optional, required } from '../settings/property';
import { whole } from '../settings/whole';
import { expected } from '../settings/wrong-type';
import { hostKeyProblem } from './host-key';

type Rule = (value: string) => string | undefined;

const text = (rule: Rule) =>
  z.string({ error: expected('a string') }).check((context) => {
    const message = rule(context.value);
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value });
  });

const hostProblem: Rule = (value) => {
  if (value.includes('://')) return `'${value}' is a URL: give the address or name alone`;
  if (value.includes('@')) return `'${value}' has a user in it: give the user as user`;
  if (/^\[.*\]/.test(value)) return `'${value}' has brackets: leave them out`;
  if (/^[^:]+:\d+$/.test(value)) return `'${value}' has a port in it: give the port as port`;
  if (value.includes('/')) return `'${value}' is a network: give one address or name`;
  return /^[A-Za-z0-9_:][A-Za-z0-9._:%-]*$/.test(value) ? undefined : `'${value}' is not an address or name`;
};

const userProblem: Rule = (value) =>
  /^[A-Za-z0-9_][A-Za-z0-9._-]*\$?$/.test(value) ? undefined : `'${value}' is not a login name: expected e.g. admin`;

/** Never repeats what may be a key. */
const keyPathProblem: Rule = (value) => {
  if (value.trim() === '') return 'is empty: give the path of a key, or leave it out to ask the SSH agent';
  if (/PRIVATE KEY|[\r\n]|^(ssh|ecdsa|sk)-\S+ AAAA/.test(value)) return 'holds a key: give the path of its file';
  return value.endsWith('.pub') ? `'${value}' is the public half of a key: give the private one, without .pub` : undefined;
};

/** How one SSH server is reached and proven. Keys are paths or live in an agent: their content never passes through here. */
const sshEndpoint = group({
  host: required(text(hostProblem), 'Address or name of the SSH server.'),
  port: optional(whole({ unit: '', min: 1, max: 65535 }), 'TCP port. Default: 22.'),
  user: optional(
    text(userProblem),
    'Login name; anyone but root uses sudo without a password. Default: admin, as on Debian cloud images.',
  ),
  privateKeyPath: optional(
    text(keyPathProblem),
    'Path of the private key on the machine where Terraform runs, in the format of OpenSSH, PEM or PKCS#8; `~/` is the home directory. An encrypted key, or the path of a public half, names the only key of the agent that is offered. Default: every key of the agent at SSH_AUTH_SOCK.',
  ),
  hostKey: optional(
    text(hostKeyProblem),
    'Pins the host key: `ssh-ed25519 AAAA…` or `SHA256:…`. Default: trusted at first contact, then pinned in the state by instance id.',
  ),
});

/** Zod schema of {@link ConnectionSettings}: the `connection` attribute of the provider's resources. */
export const connectionSettings = z.extend(sshEndpoint, {
  bastion: optional(sshEndpoint, 'A jump host; the connection to the mail host goes through it.'),
  trustFirstContact: optional(
    z.boolean({ error: expected('true or false') }),
    'Send secrets (passwords of submission users) also to a host whose key is seen for the first time and not pinned. Default: false, the apply after the first one sends them.',
  ),
  timeoutSeconds: optional(
    whole({ unit: 'seconds', min: 1, max: 3600 }),
    'How long connecting *and* logging in are retried while a new machine boots, in seconds. Default: 300.',
  ),
});

export type ConnectionSettings = z.infer<typeof connectionSettings>;
