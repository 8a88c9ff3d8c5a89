import * as z from 'zod';
import { hostKeyProblem } from './host-key';

/** How one SSH server is reached and proven. Keys are paths or live in an agent: their content never passes through here. */
const sshEndpoint = z.strictObject({
  host: z.string().min(1).describe('Address or name of the SSH server.'),
  port: z.int().min(1).max(65535).optional().describe('TCP port. Default: 22.'),
  user: z
    .string()
    .min(1)
    .optional()
    .describe('Login name; anyone but root uses sudo without a password. Default: admin, as on Debian cloud images.'),
  privateKeyPath: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of the private key on the machine where Terraform runs; `~/` is the home directory. Default: the agent at SSH_AUTH_SOCK.',
    ),
  hostKey: z
    .string()
    .check((context) => {
      const message = hostKeyProblem(context.value);
      if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value });
    })
    .optional()
    .describe(
      'Pins the host key: `ssh-ed25519 AAAA…` or `SHA256:…`. Default: trusted at first contact, then pinned in the state by instance id.',
    ),
});

/** Zod schema of {@link ConnectionSettings}: the `connection` attribute of the provider's resources. */
export const connectionSettings = sshEndpoint.extend({
  bastion: sshEndpoint.optional().describe('A jump host; the connection to the mail host goes through it.'),
  timeoutSeconds: z
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe('How long connecting *and* logging in are retried while a new machine boots, in seconds. Default: 300.'),
});

export type ConnectionSettings = z.infer<typeof connectionSettings>;
